import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CoreWorld } from '#agent/core/testing/core-world.ts';
import { createHostWorld, type HostWorld } from '#agent/core/testing/host-world.ts';
import { letIn, type TestScreen } from '#agent/core/testing/test-host.ts';
import type { TestNode } from '#agent/core/testing/test-node.ts';
import { unwrap } from '#shared/kernel/index.ts';

let made: HostWorld;
let world: CoreWorld;
let owner: TestScreen;
let node: TestNode;
beforeEach(async () => {
  made = await createHostWorld('my server');
  ({ world, node, screen: owner } = made);
});
afterEach(() => made.dispose());

async function openOperator(): Promise<TestScreen> {
  const guest = await letIn(world, owner, { kind: 'browser' });
  made.add(guest);
  return guest.screen();
}

const nodeId = () => node.identity.nodeId;
const acme = { email: 'ada@example.com' };
const probe = (state: 'free' | 'taken', ...ports: number[]) => ({
  engine: '29.0.0',
  compose: '2.40.0',
  ports: ports.map((port) => ({ port, state })),
  addresses: ['2001:db8::1', '192.0.2.1'],
});
const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'ok' : result.error?.code);

describe('asking a server', () => {
  test('its ports and addresses are its own answer, sealed to this device', async () => {
    const asked = owner.call('probeNode', { nodeId: nodeId(), ports: [80, 443] });
    const command = await node.answerValue(probe('free', 80, 443));
    expect(command).toEqual({ verb: 'probe', args: { ports: [80, 443] } });
    expect(unwrap(await asked)).toEqual(probe('free', 80, 443));
    await world.stop();
    const session = owner.follow('session');
    await session.until(() => session.value()?.core.contact.state === 'away');
    expect(code(await owner.call('probeNode', { nodeId: nodeId(), ports: [80] }))).toBe('core.unreachable');
    await world.resume();
  });
});

describe('an invitation', () => {
  test('that is cancelled lets nobody in any more', async () => {
    const invited = unwrap(await owner.call('inviteNode', { name: 'attic' }));
    const rows = owner.follow('invitations');
    await rows.until(() => rows.rows.get(invited.id)?.state === 'open');
    unwrap(await owner.call('cancelInvitation', { id: invited.id }));
    await rows.until(
      () => rows.rows.get(invited.id)?.state === 'refused' && rows.rows.get(invited.id)?.command === null,
    );
    const store = unwrap(await made.host.vault.openStore());
    expect(await store.tokens()).toEqual([]);
    const again = await owner.call('cancelInvitation', { id: 'a'.repeat(26) });
    expect(again.ok).toBe(false);
  });
});

describe('the ingress of a server', () => {
  test('is planned with its ports asked for and its address found, and is signed as it was shown', async () => {
    const planning = owner.call('planIngress', { nodeId: nodeId(), acme });
    await node.answerValue(probe('free', 80, 443));
    await node.answerValue(probe('free'));
    const plan = unwrap(await planning);
    expect(plan).toMatchObject({ verb: 'ingress', base: null, ownerCommand: null, blocked: [] });
    expect(plan.lines.map(({ text }) => text).join()).toContain('192.0.2.1');
    const rows = owner.follow('nodes');
    await rows.until(() => rows.rows.get(nodeId())?.ingress?.released === false);
    expect(rows.rows.get(nodeId())?.ingress).toMatchObject({ httpPort: 80, acme, publicAddresses: ['192.0.2.1'] });
    const sent = unwrap(await owner.call('confirmPlan', { planId: plan.planId }));
    expect((await node.next('release')).appId).toBe(plan.appId);
    expect(sent).toMatchObject({ outcome: 'sent', number: 1 });
    await rows.until(() => rows.rows.get(nodeId())?.ingress?.released === true);
  });

  test('is not planned on a port that another program has', async () => {
    const planning = owner.call('planIngress', { nodeId: nodeId(), acme: null });
    await node.answerValue(probe('taken', 80));
    expect(code(await planning)).toBe('ingress.port-taken');
  });

  test('P1: an operator plans it and gets the one command that an owner signs it with; it signs nothing itself', async () => {
    const operator = await openOperator();
    const about = { nodeId: nodeId(), acme, httpPort: 8080, publicAddresses: ['192.0.2.7'] };
    const planning = operator.call('planIngress', about);
    await node.answerValue(probe('free', 8080, 443));
    const plan = unwrap(await planning);
    expect(plan.ownerCommand).toBe(
      "overseer ingress enable --node 'my server' --email ada@example.com --ca-server https://acme-v02.api.letsencrypt.org/directory --http-port 8080 --https-port 443 --public-address 192.0.2.7",
    );
    expect(code(await operator.call('confirmPlan', { planId: plan.planId }))).toBe('plan.needs-owner');
    // What the owner's device signs is what the operator wrote.
    const rows = owner.follow('nodes');
    await rows.until(() => rows.rows.get(nodeId())?.ingress?.httpPort === 8080);
    const signed = unwrap(await owner.call('planIngress', about));
    expect(signed).toMatchObject({ appId: plan.appId, ownerCommand: null, lines: plan.lines });
    const jobs = operator.follow('jobs');
    unwrap(await owner.call('confirmPlan', { planId: signed.planId }));
    await jobs.until(() =>
      [...jobs.rows.values()].some(({ appId, verb }) => appId === plan.appId && verb === 'ingress'),
    );
  });
});

describe('Cloudflare at a server', () => {
  const token = 'cf-canary-0123456789abcdef0123456789abcdef';

  test('P7: its token is sealed at once; the node tests it and says what is missing', async () => {
    expect(code(await owner.call('testCloudflare', { nodeId: nodeId() }))).toBe('dns.no-connector');
    expect(code(await owner.call('planCloudflare', { nodeId: nodeId() }))).toBe('cli.missing-option');
    const plan = unwrap(await owner.call('planCloudflare', { nodeId: nodeId(), token, zones: ['example.com'] }));
    expect(plan).toMatchObject({ verb: 'connector', ownerCommand: null });
    expect(JSON.stringify(plan)).not.toContain('cf-canary');
    const rows = owner.follow('nodes');
    await rows.until(() => rows.rows.get(nodeId())?.connectors.length === 1);
    expect(rows.rows.get(nodeId())?.connectors).toMatchObject([{ zones: ['example.com'], released: false }]);
    const testing = owner.call('testCloudflare', { nodeId: nodeId() });
    const capability = { name: 'dns', zone: 'example.com', ok: false, message: 'may not', missing: 'DNS:Edit' };
    const asked = await node.answerValue({
      ok: false,
      capabilities: [capability, { ...capability, ok: true, missing: null }],
      zones: ['example.com'],
      tokenExpiresAt: null,
    });
    expect(asked).toEqual({ verb: 'dns-test', args: { connector: plan.appId } });
    expect(unwrap(await testing)).toMatchObject({
      ok: false,
      zones: ['example.com'],
      missing: ['DNS:Edit on example.com'],
    });
  });

  test('P1, P7: an operator gives a token and may not sign it; the command of the owner needs no token', async () => {
    const operator = await openOperator();
    const plan = unwrap(await operator.call('planCloudflare', { nodeId: nodeId(), token, zones: ['example.com'] }));
    expect(plan.ownerCommand).toBe("overseer integrations cloudflare set --node 'my server' --zone example.com");
    expect(code(await operator.call('confirmPlan', { planId: plan.planId }))).toBe('plan.needs-owner');
    const rows = owner.follow('nodes');
    await rows.until(() => rows.rows.get(nodeId())?.connectors.length === 1);
    const signed = unwrap(await owner.call('planCloudflare', { nodeId: nodeId(), zones: ['example.com'] }));
    expect(signed).toMatchObject({ appId: plan.appId, ownerCommand: null, lines: plan.lines });
  });
});
