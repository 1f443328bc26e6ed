import { hostname, networkInterfaces } from 'node:os';
import {
  coreAddresses,
  createCoreClient,
  createGenesis,
  keepClaimedFleet,
  type PendingClaim,
  sendClaim,
  type TypedAddress,
} from '#shared/device/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { createPinnedCore } from '#shared/node/core-ports/pinned-core.ts';
import { createDeviceStore } from '#shared/node/device-store/device-store.ts';
import { openReplicaDatabase } from '#shared/node/device-store/replica-db.ts';
import { type CoreAddress, parseSetupCode, type SetupCode, setupCodeMatchesSpki } from '#shared/trust/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import { readCoreAddress } from '../device/core-address.ts';
import type { CliKeys } from '../device/device-keys.ts';
import { openOrCreateDevice } from '../device/own-device.ts';
import { dropPendingClaim, readPendingClaim, writePendingClaim } from '../device/pending-claim.ts';
import { hasRecoveryFile, showRecoveryWords, writeRecoveryFile } from '../device/recovery-words.ts';
import { fileOption, requiredText, type VerbInput } from '../options.ts';

/** Makes this computer the first device of a new core. Cut short anywhere, the same command goes on where it stood. */
export async function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  const target = readTarget(input);
  if (!target.ok) return target;
  const { address, code } = target.value;
  if (input.text('recoveryFile') === undefined && !context.canAsk) return err(noWayToShowWords());

  // The pin: the setup code carries 80 bits or more of the core's key, so even the first contact is authenticated.
  let spki = '';
  const { http } = createPinnedCore({
    addresses: [{ host: address.host, port: address.httpPort }],
    pin: (found) => {
      spki = found;
      return setupCodeMatchesSpki(code, found);
    },
  });
  const client = createCoreClient({ http, signal: context.signal });
  try {
    const challenge = await client.call('createChallenge', { body: {} });
    if (!challenge.ok) return challenge;
    const device = await openOrCreateDevice(context, input);
    if (!device.ok) return device;
    const addresses = coreAddresses(address, challenge.value.addresses);
    const pending = await preparePending(context, input, device.value, { addresses, spki });
    if (!pending.ok) return pending;
    const sent = await sendClaim(client, code, pending.value);
    if (!sent.ok) return sent;
    const reached = addresses[0] ?? { ...address, linkPort: 7444 };
    await keepFleet(context, device.value, pending.value, reached, input);
    return report(context, device.value, pending.value, reached, input);
  } finally {
    client.close();
  }
}

function readTarget(input: VerbInput): Result<{ address: TypedAddress; code: SetupCode }> {
  const address = readCoreAddress(input.text('core') ?? input.arg(0), input);
  if (!address.ok) return address;
  const text = readCode(input);
  if (!text.ok) return text;
  const code = parseSetupCode(text.value);
  return code.ok ? ok({ address: address.value, code: code.value }) : code;
}

function readCode(input: VerbInput): Result<string> {
  const path = input.text('codeFile');
  if (path === undefined) return requiredText(input, 'code', '--code');
  const file = fileOption(path, '--code-file', 1_024);
  return file.ok ? ok(new TextDecoder().decode(file.value)) : file;
}

/** Genesis and recovery words. A genesis whose words nobody has seen is thrown away and made anew. */
async function preparePending(
  context: CliContext,
  input: VerbInput,
  device: CliKeys,
  core: { addresses: CoreAddress[]; spki: string },
): Promise<Result<PendingClaim>> {
  const before = readPendingClaim(context.home);
  if (before?.wordsKept) return before.coreSpki === core.spki ? ok(before) : err(otherCore());
  const { claim, words } = await createGenesis(context, device, {
    fleetName: fleetNameOf(input),
    personName: input.text('name') ?? 'owner',
    core,
  });
  const path = input.text('recoveryFile');
  if (path !== undefined && before && hasRecoveryFile(path, before.fleet)) {
    // The earlier try had written its words already: that fleet goes on.
    const kept = { ...before, wordsKept: true };
    writePendingClaim(context.home, kept);
    return ok(kept);
  }
  writePendingClaim(context.home, claim);
  const kept =
    path === undefined ? await showRecoveryWords(context, words) : writeRecoveryFile(path, claim.fleet, words);
  if (!kept.ok) return kept;
  writePendingClaim(context.home, { ...claim, wordsKept: true });
  return ok({ ...claim, wordsKept: true });
}

async function keepFleet(
  context: CliContext,
  device: CliKeys,
  claim: PendingClaim,
  address: CoreAddress,
  input: VerbInput,
): Promise<void> {
  const store = createDeviceStore(openReplicaDatabase(context.home.replicaFile, device.replicaKey));
  try {
    await keepClaimedFleet(context, store, { claim, fleetName: fleetNameOf(input), address });
  } finally {
    await store.close();
  }
  dropPendingClaim(context.home);
}

function fleetNameOf(input: VerbInput): string {
  return input.text('fleetName') ?? 'home';
}

function report(
  context: CliContext,
  device: CliKeys,
  claim: PendingClaim,
  address: CoreAddress,
  input: VerbInput,
): Result<Done> {
  const recoveryFile = input.text('recoveryFile') ?? null;
  const here = isThisMachine(address.host);
  return done(
    { fleet: claim.fleet, deviceId: device.deviceId, device: device.name, core: address, recoveryFile },
    (out) => {
      out.line(`This device "${device.name}" now owns the fleet.`, 'good');
      out.line(`fleet   ${claim.fleet}`);
      out.line(`device  ${device.deviceId}`);
      out.line(`keys    ${context.home.path}`);
      if (recoveryFile !== null)
        out.line(`The recovery words are in ${recoveryFile}: move them off this machine.`, 'warn');
      if (here) {
        out.note(
          'The core runs on this machine too: one lost disk loses core and owner. Keep the recovery words elsewhere.',
          'warn',
        );
      }
      out.line('Next: `overseer nodes token`, then run the printed line on your server.');
    },
  );
}

function isThisMachine(host: string): boolean {
  if (host === 'localhost' || host === hostname() || /^127\./.test(host) || host === '::1') return true;
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === host));
}

function noWayToShowWords() {
  return fault(
    'cli.missing-option',
    'permanent',
    'the recovery words must be shown once and there is no terminal for it',
    'Run it on a terminal, or give --recovery-file FILE and keep that file safe.',
    { field: '--recovery-file' },
  );
}

function otherCore() {
  return fault(
    'device.other-core',
    'conflict',
    'a claim of another core was begun in this home and not finished',
    'Finish that one first, or set OVERSEER_HOME to an empty folder.',
  );
}
