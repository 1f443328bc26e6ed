import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isoTime, ok, randomId, systemClock, systemRandom, unwrap } from '#shared/kernel/index.ts';
import { createDeviceStore } from '#shared/node/device-store/device-store.ts';
import { openReplicaDatabase } from '#shared/node/device-store/replica-db.ts';
import { temporaryFolder } from '#shared/testing/temporary-folder.ts';
import {
  applyTrustEntries,
  createRecovery,
  createTrustState,
  parseAuditExport,
  signTrustEntry,
} from '#shared/trust/index.ts';
import { type CliContext, createContext } from '../context.ts';
import { createDevice } from '../device/device-keys.ts';
import { homeFromEnvironment } from '../device/home.ts';
import { createVerbInput } from '../options.ts';
import { createOutput } from '../output/output.ts';
import { createStyle } from '../output/style.ts';
import { run } from './trust-export.ts';

/** A home whose fleet has its core where nothing answers, and what its commands wrote to standard error. */
async function homeWithoutCore() {
  const home = homeFromEnvironment({ OVERSEER_HOME: join(temporaryFolder(), 'home') });
  const askPassphrase: CliContext['askPassphrase'] = async () => ok('correct horse battery');
  const device = unwrap(await createDevice(home, 'laptop', askPassphrase, undefined));
  const { deviceId, ageRecipient, publicKey, signer } = device;
  const { signKey, ageRecipient: recoveryRecipient } = await createRecovery(systemRandom);
  const addresses = [{ host: '127.0.0.1', httpPort: 1, linkPort: 1 }];
  const tlsSpki = 'c'.repeat(64);
  const genesis = await signTrustEntry(
    createTrustState(),
    {
      kind: 'genesis',
      fleetName: 'home',
      person: { personId: randomId(systemRandom), name: 'owner', role: 'owner' },
      device: { deviceId, name: 'laptop', kind: 'cli', signKey: publicKey, ageRecipient },
      recovery: { signKey, ageRecipient: recoveryRecipient },
      core: { tlsSpki, addresses, epoch: 1 },
    },
    signer,
    { at: isoTime(systemClock), auditHead: null },
  );
  const { fleet } = unwrap(await applyTrustEntries(createTrustState(), [genesis])).state;
  const store = createDeviceStore(openReplicaDatabase(home.replicaFile, device.replicaKey));
  await store.saveTrust([genesis]);
  const writer = randomId(systemRandom);
  await store.saveConfig({ fleet, fleetName: 'home', coreSpki: tlsSpki, addresses, writer });
  await store.close();
  const said = { err: '' };
  const style = createStyle(false, {});
  const out = createOutput(
    { stdout: { write: () => undefined }, stderr: { write: (text) => (said.err += text) } },
    { json: false, style, errorStyle: style },
  );
  const terminal = { env: {}, stdin: process.stdin, stderr: process.stderr };
  const signal = new AbortController().signal;
  const made = createContext({ terminal, out, home, clock: systemClock, random: systemRandom, signal });
  return { context: { ...made, askPassphrase, keyring: undefined }, genesis, fleet, said };
}

test('HOLD-4: the log that a device holds is written without a core, as a node reads it', async () => {
  const { context, genesis, fleet, said } = await homeWithoutCore();
  const file = join(temporaryFolder(), 'trust.jsonl');
  const exported = await run(context, createVerbInput([file], {}));
  expect(exported).toMatchObject({ ok: true, value: { json: { file, entries: 1 } } });
  expect(said.err).toContain('The core is away');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const read = unwrap(parseAuditExport(readFileSync(file, 'utf8').split('\n')));
  expect(read.trust).toEqual([genesis]);
  expect(unwrap(await applyTrustEntries(createTrustState(fleet), read.trust)).state.fleet).toBe(fleet);
});
