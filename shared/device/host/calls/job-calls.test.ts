import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHostWorld, type HostWorld } from '#agent/core/testing/host-world.ts';
import type { TestScreen } from '#agent/core/testing/test-host.ts';
import type { TestNode } from '#agent/core/testing/test-node.ts';
import { unwrap } from '#shared/kernel/index.ts';

const COMPOSE = 'services:\n  web:\n    image: nginx:1.27\n';

let made: HostWorld;
let screen: TestScreen;
let node: TestNode;
beforeEach(async () => {
  made = await createHostWorld();
  ({ screen, node } = made);
});
afterEach(() => made.dispose());

/** Signs a new app; gives its job. */
async function order(name: string): Promise<string> {
  const source = { kind: 'compose' as const, compose: COMPOSE };
  const made = unwrap(await screen.call('createApp', { name, nodeId: node.identity.nodeId, source }));
  const sent = unwrap(await screen.call('confirmPlan', { planId: made.plan.planId }));
  if (sent.outcome !== 'sent') throw new Error('the core is there');
  return sent.jobs[0] ?? '';
}

const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'ok' : result.error?.code);

describe('a job', () => {
  test('that its node could not take yet is sent once more, and its screen follows; one that failed is not', async () => {
    const jobId = await order('web');
    const jobs = screen.follow('jobs');
    const first = await node.next('release');
    await jobs.until(() => jobs.rows.get(jobId)?.state === 'running');
    const header = jobs.rows.get(jobId)?.header ?? '';
    const why = { code: 'node.offline', kind: 'transient', message: 'it holds', next: 'Wait for it.' };
    await node.outcome({ appId: first.appId, header, number: 1 }, 'refused', { fault: why });
    await jobs.until(() => jobs.rows.get(jobId)?.state === 'failed');
    const detail = screen.follow('job', { jobId });
    expect(unwrap(await screen.call('retryJob', { jobId })).id).toBe(jobId);
    const again = await node.next('release');
    expect(again.appId).toBe(first.appId);
    await detail.until(() => detail.value()?.state === 'running');
    await node.outcome({ appId: first.appId, header, number: 1 }, 'failed');
    await detail.until(() => detail.value()?.state === 'failed');
    expect(code(await screen.call('retryJob', { jobId }))).toBe('job.judged');
  });

  test('that waits for its node is cancelled and told so; one that is unknown is not', async () => {
    const nodes = screen.follow('nodes');
    await nodes.until(() => nodes.rows.size === 1);
    node.disconnect();
    const jobId = await order('web');
    const jobs = screen.follow('jobs');
    await jobs.until(() => jobs.rows.get(jobId)?.state === 'queued');
    expect(unwrap(await screen.call('cancelJob', { jobId })).state).toBe('cancelled');
    await jobs.until(() => jobs.rows.get(jobId)?.state === 'cancelled');
    expect(code(await screen.call('cancelJob', { jobId: 'a'.repeat(26) }))).toBe('job.unknown');
  });
});
