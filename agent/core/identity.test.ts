import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  addPerson,
  addToken,
  answerRevocation,
  editApp,
  extendLog,
  type Fleet,
  type FleetContext,
  findApp,
  findFleet,
  giveGrant,
  oneEntry,
  openFleet,
  planRevocation,
  prepareCloudflare,
  recoverFleet,
  rename,
  renewRecovery,
  resealSecrets,
  revealSecret,
  revoke,
  revokeNode,
  revokeToken,
  setThreshold,
  uploadObjects,
  verifyCoreAudit,
  wishFromCompose,
  withSecrets,
} from '#shared/device/index.ts';
import { parseFleetView } from '#shared/domain/apps/index.ts';
import { ok, randomId, sha256Hex, systemRandom, unwrap, utf8, utf8ToText } from '#shared/kernel/index.ts';
import { createMemoryDeviceStore } from '#shared/testing/memory-device-store.ts';
import { createScriptedNode } from '#shared/testing/scripted-node.ts';
import {
  createRecovery,
  decideClearLogs,
  decideDeviceMay,
  type Envelope,
  emptyCutoff,
  generateSealingKey,
  generateSigningKey,
  isOwnerDevice,
  openSecret,
  recoveryFromWords,
  sealSecret,
} from '#shared/trust/index.ts';
import { appBody } from './testing/app-body.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import { corePorts, deviceContext, openTestFleet } from './testing/device-fleet.ts';
import type { TestDevice } from './testing/test-device.ts';
import { joinNode, type TestNode } from './testing/test-node.ts';

let world: CoreWorld;
let owner: TestDevice;
let fleet: Fleet;
/** A second desktop of the owner. */
let other: TestDevice;
let othersFleet: Fleet;
let node: TestNode;
const COMPOSE = 'services:\n  web:\n    image: lab/web:1\n    secrets: [pin]\nsecrets:\n  pin: { file: ./pin }\n';
const doc = `app:${randomId(systemRandom)}`;

beforeEach(async () => {
  world = await createCoreWorld();
  owner = await world.claim();
  node = await joinNode(world, owner);
  other = await world.newDevice();
  const personId = [...owner.trust().persons.keys()][0] ?? '';
  const added = await owner.addTrust({ kind: 'add-device', personId, device: other.identity('other', 'desktop') });
  await owner.call('extendTrust', { body: { entries: [added] } });
  await other.takeTrust(owner.trust().entries);
  await other.openSession();
  fleet = await openTestFleet(world, owner);
  othersFleet = await openTestFleet(world, other);
});
afterEach(async () => {
  await Promise.all([fleet.close(), othersFleet.close()]);
  node.disconnect();
  await world.dispose();
});

const setName = async (of: Fleet, name: string) => {
  unwrap(await unwrap(await of.replica()).edit(doc, (editor) => editor.set('name', name)));
  return of.sync();
};
const nameIn = async (of: Fleet) => unwrap(await of.replica()).snapshot(doc)?.fields.name;
const plan = async (deviceId: string) => {
  unwrap(await fleet.sync());
  return unwrap(await planRevocation(fleet, unwrap(await fleet.replica()), { deviceId }));
};

describe('P1: revoking a device', () => {
  test('LOG-19: what this device had verified stands on every replica, what comes later is void', async () => {
    unwrap(await setName(othersFleet, 'before'));
    const sent = await other.deploy({ appId: doc.slice(4), node: node.identity.nodeId, body: appBody('x') });
    expect(sent).toMatchObject({ status: 202 });
    const planned = await plan(other.deviceId);
    expect(planned).toMatchObject({ deviceIds: [other.deviceId], elders: [], letIn: [], isLastOwner: false });
    expect(planned.cutoffs).toMatchObject([
      { rows: [{ doc, seq: 1 }], releases: [{ appId: doc.slice(4), number: 1, header: sent.header }] },
    ]);
    // AUD-7: up to there this device had verified the core's audit.
    expect(planned.cutoffs[0]?.audit).toMatchObject({ seq: expect.any(Number), hash: expect.any(String) });
    unwrap(await revoke(deviceContext(), fleet, planned));
    unwrap(await unwrap(await othersFleet.replica()).edit(doc, (editor) => editor.set('name', 'after')));
    expect(await othersFleet.sync()).toMatchObject({ ok: false, error: { code: 'trust.revoked' } });
    const fresh = await openTestFleet(world, owner);
    unwrap(await fresh.sync());
    expect([await nameIn(fleet), await nameIn(fresh)]).toEqual(['before', 'before']);
    await fresh.close();
  });

  test('LOG-17: says who could answer, whom it let in, and that no owner is left', async () => {
    unwrap(await othersFleet.sync());
    const replica = unwrap(await othersFleet.replica());
    const elder = unwrap(await planRevocation(othersFleet, replica, { deviceId: owner.deviceId }));
    expect(elder).toMatchObject({ elders: [owner.deviceId], letIn: [other.deviceId], isLastOwner: false });
    const personId = [...fleet.trust().persons.keys()][0] ?? '';
    const all = unwrap(await planRevocation(othersFleet, replica, { personId }));
    expect(all).toMatchObject({ isLastOwner: true, letIn: [] });
    expect(all.deviceIds).toHaveLength(2);
    const gone = await planRevocation(othersFleet, replica, { deviceId: randomId(systemRandom) });
    expect(gone).toMatchObject({ ok: false, error: { code: 'trust.unknown-id' } });
  });

  test('LOG-18: signed with the words it has the last word over an elder', async () => {
    unwrap(await othersFleet.sync());
    const replica = unwrap(await othersFleet.replica());
    const planned = unwrap(await planRevocation(othersFleet, replica, { deviceId: owner.deviceId }));
    const { signer } = await owner.recovery().keys();
    unwrap(await revoke(deviceContext(), othersFleet, planned, { signer }));
    expect([...othersFleet.trust().devices.keys()]).toEqual([other.deviceId]);
    expect(await owner.openSession()).toMatchObject({ status: 403, json: { code: 'trust.revoked' } });
  });

  test('LOG-16: what it signed in the log stands, but for the entries that are named (A8-5)', async () => {
    const core = {
      tlsSpki: 'e'.repeat(64),
      addresses: world.folder.settings.addresses,
      epoch: Number.MAX_SAFE_INTEGER,
    };
    const bob = { kind: 'add-person', personId: randomId(systemRandom), name: 'Bob', role: 'viewer' } as const;
    for (const entry of [bob, { kind: 'core', ...core } as const])
      await other.call('extendTrust', { body: { entries: [await other.addTrust(entry)] } });
    unwrap(await fleet.sync());
    expect(fleet.trust().core?.epoch).toBe(Number.MAX_SAFE_INTEGER);
    const planned = await plan(other.deviceId);
    expect(planned.signed.map(({ kind }) => kind)).toEqual(['add-person', 'core']);
    const beside = planned.signed.flatMap(({ hash, kind }) => (kind === 'core' ? [hash] : []));
    unwrap(await revoke(deviceContext(), fleet, planned, { beside }));
    const { core: now, persons, devices } = fleet.trust();
    expect([now?.epoch, persons.has(bob.personId), devices.has(other.deviceId)]).toEqual([1, true, false]);
  });

  test('LOG-17: an elder that a younger device has revoked answers without a session, and stays', async () => {
    unwrap(await othersFleet.sync());
    expect(await answerRevocation(deviceContext(), othersFleet, owner.deviceId)).toMatchObject({
      ok: false,
      error: { code: 'trust.not-elder' },
    });
    const replica = unwrap(await othersFleet.replica());
    unwrap(
      await revoke(
        deviceContext(),
        othersFleet,
        unwrap(await planRevocation(othersFleet, replica, { deviceId: owner.deviceId })),
      ),
    );
    expect(await fleet.sync()).toMatchObject({ ok: false, error: { code: 'trust.revoked' } });
    expect(await answerRevocation(deviceContext(), fleet, randomId(systemRandom))).toMatchObject({ ok: false });
    unwrap(await answerRevocation(deviceContext(), fleet, other.deviceId));
    expect([...fleet.trust().devices.keys()]).toEqual([owner.deviceId]);
    unwrap(await fleet.sync());
    expect(await othersFleet.sync()).toMatchObject({ ok: false, error: { code: 'trust.revoked' } });
  });

  test('LOG-19 P2: a revocation by who lied about what stands is corrected by another one', async () => {
    unwrap(await setName(othersFleet, 'before'));
    const planned = await plan(other.deviceId);
    const rows = (planned.cutoffs[0]?.rows ?? []).map((row) => ({ ...row, seq: 1_000_000, hash: 'ab'.repeat(32) }));
    unwrap(await revoke(deviceContext(), fleet, { ...planned, cutoffs: [{ ...emptyCutoff, rows }] }));
    const again = await plan(other.deviceId);
    // The audit has grown by the first revocation.
    expect(again.cutoffs).toEqual(planned.cutoffs.map((one) => ({ ...one, audit: again.cutoffs[0]?.audit })));
    unwrap(await revoke(deviceContext(), fleet, again));
    expect(fleet.trust().revokedDevices.get(other.deviceId)?.cutoffs).toEqual(again.cutoffs);
    const fresh = await openTestFleet(world, owner);
    unwrap(await fresh.sync());
    expect(await nameIn(fresh)).toBe('before');
    await fresh.close();
  });

  test('LOG-17: an elder that two younger devices have revoked counts again only once it has answered both', async () => {
    const second = await world.newDevice();
    const personId = [...owner.trust().persons.keys()][0] ?? '';
    const added = await owner.addTrust({ kind: 'add-device', personId, device: second.identity('second', 'desktop') });
    await owner.call('extendTrust', { body: { entries: [added] } });
    await second.takeTrust(owner.trust().entries);
    await other.takeTrust(owner.trust().entries);
    await second.openSession();
    unwrap(await fleet.sync());
    const ends = { kind: 'revoke-device', deviceId: owner.deviceId, cutoff: emptyCutoff } as const;
    // Beside each other: neither builds on what the other signed.
    const [one, two] = [await other.addTrust(ends), await second.addTrust(ends)];
    expect(await other.call('extendTrust', { body: { entries: [one] } })).toMatchObject({ status: 200 });
    expect(await second.call('extendTrust', { body: { entries: [two] } })).toMatchObject({ status: 200 });
    unwrap(await fleet.takeTrust([one, two]));
    const first = await answerRevocation(deviceContext(), fleet, other.deviceId);
    expect(first).toMatchObject({ ok: false, error: { code: 'trust.revoked' } });
    expect(first.ok ? '' : first.error.message).toContain('still: by other, second');
    unwrap(await answerRevocation(deviceContext(), fleet, second.deviceId));
    expect(fleet.trust().devices.has(owner.deviceId)).toBe(true);
  });

  test('LOG-24: says when fewer owners are left than must agree, and the words lower the number', async () => {
    const both = { kind: 'threshold', owners: 2 } as const;
    await owner.call('extendTrust', { body: { entries: [await owner.addTrust(both)] } });
    await other.takeTrust(owner.trust().entries);
    await other.call('extendTrust', { body: { entries: [await other.addTrust(both)] } });
    const planned = await plan(other.deviceId);
    expect([fleet.trust().ownerThreshold, planned.isBelowThreshold, planned.isLastOwner]).toEqual([2, true, false]);
    const context = deviceContext();
    unwrap(await revoke(context, fleet, planned));
    unwrap(await setThreshold(context, fleet, 1));
    expect(fleet.trust().ownerThreshold).toBe(2);
    const { signer } = await owner.recovery().keys();
    unwrap(await setThreshold(context, fleet, 1, signer));
    expect(fleet.trust().ownerThreshold).toBe(1);
  });

  test('LOG-23: a node ends', async () => {
    unwrap(await revokeNode(deviceContext(), fleet, node.identity.nodeId));
    expect(fleet.trust().nodes.size).toBe(0);
  });
});

describe('people and names', () => {
  test('LOG-20 LOG-22: a person, a name and a grant come into the log of everybody', async () => {
    const context = deviceContext();
    const person = unwrap(await addPerson(context, fleet, { name: 'Bob', role: 'viewer' }));
    expect(await addPerson(context, fleet, { name: 'Bob', role: 'viewer' })).toMatchObject({
      ok: false,
      error: { code: 'trust.name-taken' },
    });
    unwrap(await rename(context, fleet, { what: 'device', id: other.deviceId, name: 'tablet' }));
    const again = await rename(context, fleet, { what: 'device', id: owner.deviceId, name: 'tablet' });
    expect(again).toMatchObject({ ok: false, error: { code: 'trust.name-taken' } });
    const grant = { grantId: randomId(systemRandom), to: { personId: person.personId }, role: 'operator' } as const;
    unwrap(await giveGrant(context, fleet, grant));
    unwrap(await othersFleet.sync());
    const trust = othersFleet.trust();
    expect([trust.persons.get(person.personId)?.name, trust.devices.get(other.deviceId)?.name]).toEqual([
      'Bob',
      'tablet',
    ]);
    expect(trust.grants.size).toBe(1);
    unwrap(await giveGrant(context, fleet, { ...grant, role: null }));
    expect(fleet.trust().grants.size).toBe(0);
  });

  test('LOG-26 TOK-1: a token that ends takes what was granted to it along, and nothing else', async () => {
    const context = deviceContext();
    const wish = { verbs: ['read' as const], expiresAt: new Date(Date.now() + 86_400_000).toISOString() };
    const [ci, grafana] = [
      unwrap(await addToken(context, fleet, { ...wish, name: 'ci' })).token,
      unwrap(await addToken(context, fleet, { ...wish, name: 'grafana' })).token,
    ];
    const [apps, expiresAt] = [[doc.slice(4)], wish.expiresAt];
    for (const { tokenId } of [ci, grafana]) {
      const about = { grantId: randomId(systemRandom), to: { tokenId }, role: 'viewer' as const, expiresAt };
      unwrap(await giveGrant(context, fleet, { ...about, apps, verbs: ['clear-logs'] }));
    }
    const scope = { node: node.identity.nodeId, appId: doc.slice(4), now: Date.now() };
    const mayRead = ({ tokenId }: { tokenId: string }) => decideClearLogs(owner.trust(), tokenId, scope).ok;
    const ended = unwrap(await revokeToken(context, fleet, ci.tokenId));
    expect(ended).toMatchObject({ token: { state: 'revoked' }, ended: [{ to: { tokenId: ci.tokenId } }], left: [] });
    // Nodes ask nobody but the log, so it is the log of everybody that counts.
    await owner.takeTrust((await other.call('getTrust')).json.entries);
    expect([mayRead(ci), mayRead(grafana)]).toEqual([false, true]);
  });
});

describe('SEC-3: owner copies', () => {
  test('SEC-3 REC-1: the words open them for an owner who has none, and the nodes notice nothing', async () => {
    const replica = unwrap(await fleet.replica());
    const appId = doc.slice(4);
    const { identity } = await owner.recovery().keys();
    const recipient = fleet.trust().recovery?.ageRecipient ?? '';
    const plain = { v: 1 as const, fleet: fleet.config.fleet, node: null, apps: [appId], name: 'pin', version: 1 };
    const sealed = await sealSecret({ ...plain, value: 'NDcxMQ' }, [recipient]);
    const ownerCopy = sha256Hex(sealed);
    await fleet.store.saveObject(ownerCopy, sealed);
    const fields = { ownerCopy, nodeCopies: { [node.identity.nodeId]: 'a'.repeat(64) } };
    unwrap(await replica.edit('fleet', (editor) => void editor.addItem('apps', { appId, name: 'web' })));
    unwrap(
      await replica.edit(doc, (editor) => {
        editor.set('name', 'web');
        editor.set('node', node.identity.nodeId);
        editor.addItem('secrets', { name: 'pin', version: 1, uses: [], ...fields });
      }),
    );
    const laptop = await generateSealingKey();
    expect(unwrap(await resealSecrets(fleet, replica, laptop.identity)).closed).toHaveLength(1);
    expect(unwrap(await resealSecrets(fleet, replica, identity))).toMatchObject({
      sealed: [{ app: 'web', name: 'pin' }],
      closed: [],
    });
    unwrap(await fleet.sync());
    unwrap(await othersFleet.sync());
    const secret = unwrap(await othersFleet.replica()).snapshot(doc)?.collections.secrets?.[0]?.fields;
    expect(secret).toMatchObject({ name: 'pin', nodeCopies: fields.nodeCopies });
    expect(secret?.ownerCopy).not.toBe(ownerCopy);
    const copy = await other.call('getObject', { params: { hash: String(secret?.ownerCopy) } });
    expect(copy.status).toBe(200);
  });
});

describe('REC-3: the recovery words', () => {
  const about = async () => ({
    http: corePorts(world).http,
    fleet: owner.trust().fleet,
    coreSpki: world.folder.spki,
    recovery: await owner.recovery().keys(),
  });
  const createDeviceKeys = async (name: string) => {
    const [signing, sealing] = [await generateSigningKey(), await generateSealingKey()];
    const { signer, publicKey } = signing;
    const [deviceId, kind, ageRecipient] = [signer.keyId, 'cli' as const, sealing.recipient];
    const keys = { deviceId, name, kind, signer, publicKey, ageIdentity: sealing.identity, ageRecipient };
    return { keys, identity: { deviceId, name, kind, signKey: publicKey, ageRecipient } };
  };
  const openWith = async ({ keys }: Awaited<ReturnType<typeof createDeviceKeys>>, entries: readonly Envelope[]) => {
    const store = createMemoryDeviceStore();
    await store.saveTrust(entries);
    const { spki: coreSpki, settings } = world.folder;
    const writer = randomId(systemRandom);
    const { fleet: hash } = owner.trust();
    await store.saveConfig({ fleet: hash, fleetName: 'home', coreSpki, addresses: settings.addresses, writer });
    return unwrap(await openFleet(context(), keys, store));
  };
  const context = (): FleetContext => ({
    ...deviceContext(),
    openCore: () => corePorts(world),
    lock: { acquire: async () => ok({ release: () => undefined }) },
  });

  test('REC-3 P2: claim the fleet back: the lost devices are revoked, nothing that they wrote is lost', async () => {
    unwrap(await setName(othersFleet, 'kept'));
    const found = unwrap(await findFleet(context(), await about()));
    expect([found.owners.length, found.devices.length]).toEqual([1, 2]);
    const laptop = await world.newDevice();
    const { signer } = laptop.key;
    const { recipient, identity } = await generateSealingKey();
    const keys = { deviceId: laptop.deviceId, name: 'new laptop', kind: 'cli' as const, signer };
    const device = { ...keys, publicKey: laptop.key.publicKey, ageIdentity: identity, ageRecipient: recipient };
    const store = createMemoryDeviceStore();
    const wish = {
      found,
      core: { spki: world.folder.spki, addresses: world.folder.settings.addresses },
      recovery: (await about()).recovery,
      device,
      store,
      personId: found.owners[0]?.personId ?? '',
      lost: [owner.deviceId, other.deviceId],
    };
    const trust = unwrap(await recoverFleet(context(), wish));
    expect([...trust.devices.keys()]).toEqual([laptop.deviceId]);
    expect(isOwnerDevice(trust, laptop.deviceId)).toBe(true);
    expect(decideDeviceMay(trust, owner.deviceId, 'read')).toMatchObject({ error: { code: 'trust.revoked' } });
    // The very same again, as after a cut: the core has taken it.
    const anew = unwrap(await findFleet(context(), await about()));
    expect(unwrap(await recoverFleet(context(), { ...wish, found: anew })).head).toBe(trust.head);

    await laptop.takeTrust(trust.entries);
    await laptop.openSession();
    const mine = await openTestFleet(world, laptop);
    unwrap(await mine.sync());
    expect(await nameIn(mine)).toBe('kept');
    expect(unwrap(await verifyCoreAudit(deviceContext(), mine)).verdict).not.toBe('broken');
    await mine.close();
  });

  test('REC-3 SEC-3: every device and the server are lost: the words seal the secrets to the new device and a new server', async () => {
    const [first, next] = [await createScriptedNode('first'), await createScriptedNode('next')];
    const laptop = await createDeviceKeys('laptop');
    const personId = [...owner.trust().persons.keys()][0] ?? '';
    const addLaptop = { kind: 'add-device', personId, device: laptop.identity } as const;
    const extended = [
      await owner.addTrust(addLaptop),
      await owner.addTrust({ kind: 'add-node', node: first.identity }),
    ];
    await owner.call('extendTrust', { body: { entries: extended } });

    // The device that is to be lost makes an app with a secret, and a connector's token beside it.
    const before = await openWith(laptop, owner.trust().entries);
    const replica = unwrap(await before.replica());
    const pin = new Map([['pin', { value: utf8('canary-4711'), uses: undefined }]]);
    const wish = withSecrets(unwrap(wishFromCompose(COMPOSE)), pin);
    const view = unwrap(await editApp(deviceContext(), before, replica, { app: 'web', node: 'first', wish }));
    const token = { token: utf8('t'.repeat(40)), baseUrl: undefined, zones: [] };
    unwrap(await prepareCloudflare(deviceContext(), before, replica, { node: first.identity, wish: token }));
    const connector = unwrap(parseFleetView(replica.snapshot('fleet'))).connectors[0];
    const made = [...view.secrets, ...(connector?.secrets ?? [])];
    unwrap(
      await uploadObjects(
        before,
        made.map(({ ownerCopy }) => ownerCopy),
      ),
    );
    unwrap(await before.sync());
    await before.close();

    const found = unwrap(await findFleet(context(), await about()));
    const fresh = await createDeviceKeys('new laptop');
    const store = createMemoryDeviceStore();
    const { recovery } = await about();
    const lost = [owner.deviceId, other.deviceId, laptop.keys.deviceId];
    const core = { spki: world.folder.spki, addresses: world.folder.settings.addresses };
    const owners = found.owners[0]?.personId ?? '';
    unwrap(await recoverFleet(context(), { found, core, recovery, device: fresh.keys, store, personId: owners, lost }));

    const mine = unwrap(await openFleet(context(), fresh.keys, store));
    unwrap(await mine.sync());
    const copy = unwrap(await mine.replica());
    // Its own key opens nothing yet, the words do; the server that is lost gets nothing anew.
    expect(unwrap(await resealSecrets(mine, copy)).sealed).toEqual([]);
    const resealed = unwrap(await resealSecrets(mine, copy, recovery.identity));
    expect(resealed).toEqual({
      sealed: [
        { app: 'web', name: 'pin', node: null },
        { app: 'cloudflare', name: 'token', node: null },
      ],
      closed: [],
    });
    const { appId } = view;
    expect(utf8ToText(unwrap(await revealSecret(mine, copy, { app: 'web', name: 'pin' })).value)).toBe('canary-4711');

    // A new server: the app is moved, and what moves it seals to that server.
    const entries = [
      { kind: 'add-node', node: next.identity },
      { kind: 'revoke-node', nodeId: first.identity.nodeId },
    ] as const;
    for (const entry of entries) unwrap(await extendLog(deviceContext(), mine, oneEntry(entry)));
    unwrap(await copy.edit(`app:${appId}`, (editor) => editor.set('node', next.identity.nodeId)));
    const moved = unwrap(await resealSecrets(mine, copy));
    expect(moved.sealed).toContainEqual({ app: 'web', name: 'pin', node: 'next' });
    const [secret] = unwrap(findApp(copy, 'web')).secrets;
    const hash = secret?.nodeCopies[next.identity.nodeId] ?? '';
    const sealed = await mine.client.octets('getObject', { params: { hash } });
    const expected = { fleet: mine.config.fleet, node: next.identity.nodeId, appId, name: 'pin', version: 1 };
    const opened = await openSecret(unwrap(sealed), next.sealing.identity, expected);
    expect(utf8ToText(unwrap(opened))).toBe('canary-4711');
    // Once more: it has its copy, which stays the same file.
    expect(unwrap(await resealSecrets(mine, copy)).sealed).toContainEqual({ app: 'web', name: 'pin', node: null });
    expect(unwrap(findApp(copy, 'web')).secrets[0]?.nodeCopies[next.identity.nodeId]).toBe(hash);
    await mine.close();
  });

  test('LOG-18: new words take the place of the old, which open and sign nothing any more', async () => {
    const present = await owner.recovery().keys();
    const next = await createRecovery(systemRandom);
    unwrap(await renewRecovery(deviceContext(), fleet, present, next));
    expect(fleet.trust().recovery?.signKey).toBe(next.signKey);
    expect(await findFleet(context(), await about())).toMatchObject({
      ok: false,
      error: { code: 'recovery.other-fleet' },
    });
    const recovery = unwrap(await recoveryFromWords(next.words));
    expect(unwrap(await findFleet(context(), { ...(await about()), recovery })).devices).toHaveLength(2);
    const again = await renewRecovery(deviceContext(), fleet, present, next);
    expect(again.ok).toBe(false);
  });

  test('REC-3: of another fleet open nothing', async () => {
    const stranger = await world.newDevice();
    const wrong = { ...(await about()), recovery: await stranger.recovery().keys() };
    expect(await findFleet(context(), wrong)).toMatchObject({ ok: false, error: { code: 'recovery.other-fleet' } });
    const pinned = { ...(await about()), fleet: 'a'.repeat(64) };
    expect((await findFleet(context(), pinned)).ok).toBe(false);
  });
});
