import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Fleet } from '#shared/device/index.ts';
import { isoTime, ok, randomId, systemClock, systemRandom, unwrap } from '#shared/kernel/index.ts';
import { createRecovery, createTrustState, itemHash, signTrustEntry } from '#shared/trust/index.ts';
import { type CliContext, createContext } from '../context.ts';
import { createDevice } from '../device/device-keys.ts';
import { homeFromEnvironment } from '../device/home.ts';
import { openHome } from '../fleet/open-home.ts';
import { createOutput } from '../output/output.ts';
import { createStyle } from '../output/style.ts';
import { createDeviceStore } from '../store/device-store.ts';
import { openReplicaDatabase } from '../store/replica-db.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { startTestCore, type TestCore } from './test-core.ts';

/** A claimed device with real keys and a real encrypted replica, and the core it talks to. */
export interface TestDevice {
  readonly context: CliContext;
  readonly fleet: Fleet;
  readonly core: TestCore;
  /** What was said beside the result. */
  notes(): string;
}

/** Makes a device, its fleet and a core that says what the test wants. */
export async function createTestDevice(): Promise<TestDevice> {
  let fleetId = '';
  const core = await startTestCore(() => fleetId);
  const home = homeFromEnvironment({ OVERSEER_HOME: join(temporaryFolder(), 'home') });
  const device = unwrap(await createDevice(home, 'test', async () => ok('correct horse battery'), undefined));
  const recovery = await createRecovery(systemRandom);
  const address = { host: '127.0.0.1', httpPort: core.port, linkPort: 7444 };
  const genesis = await signTrustEntry(
    createTrustState(),
    {
      kind: 'genesis',
      fleetName: 'test',
      person: { personId: randomId(systemRandom), name: 'owner', role: 'owner' },
      device: {
        deviceId: device.deviceId,
        name: 'test',
        kind: 'cli',
        signKey: device.publicKey,
        ageRecipient: device.ageRecipient,
      },
      recovery: { signKey: recovery.signKey, ageRecipient: recovery.ageRecipient },
      core: { tlsSpki: core.spki, addresses: [address], epoch: 1 },
    },
    device.signer,
    { at: isoTime(systemClock), auditHead: null },
  );
  fleetId = itemHash(genesis);
  const store = createDeviceStore(openReplicaDatabase(home.replicaFile, device.replicaKey));
  await store.saveTrust([genesis]);
  const writer = randomId(systemRandom);
  await store.saveConfig({ fleet: fleetId, fleetName: 'test', coreSpki: core.spki, addresses: [address], writer });
  await store.close();

  let notes = '';
  const stream = {
    write: (text: string) => {
      notes += text;
    },
  };
  const style = createStyle(false, {});
  const context = createContext({
    terminal: { stdin: process.stdin, stderr: process.stderr, env: {} },
    out: createOutput({ stdout: stream, stderr: stream }, { json: false, style, errorStyle: style }),
    home,
    clock: systemClock,
    random: systemRandom,
    signal: new AbortController().signal,
  });
  const fleet = unwrap(await openHome(context, device));
  onTestFinished(() => fleet.close());
  return { context, fleet, core, notes: () => notes };
}
