import { createCoreClient, createSession, joinFleet, verifyJoined } from '#shared/device/index.ts';
import { err, fault, type Result, randomId, unwrap } from '#shared/kernel/index.ts';
import { createDeviceStore } from '#shared/node/device-store/device-store.ts';
import { openReplicaDatabase } from '#shared/node/device-store/replica-db.ts';
import { applyTrustEntries, createTrustState, type Device, type Envelope, roleOf } from '#shared/trust/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import type { CliKeys } from '../device/device-keys.ts';
import { type MetCore, meetCore, readCoreToMeet } from '../device/meet-core.ts';
import { openOrCreateDevice } from '../device/own-device.ts';
import { readPendingClaim } from '../device/pending-claim.ts';
import { dropPendingJoin, readPendingJoin, writePendingJoin } from '../device/pending-join.ts';
import type { VerbInput } from '../options.ts';
import { drawCode } from '../output/draw-code.ts';
import { roleText } from '../output/role-text.ts';

/** Makes this computer a further device of a claimed fleet: asks, shows the code, waits for the approval. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return joinAs('cli', context, input);
}

/** What a device of the command line can be. */
export type JoinedKind = 'cli' | 'automation';

/** The same for a device of this kind. */
export async function joinAs(kind: JoinedKind, context: CliContext, input: VerbInput): Promise<Result<Done>> {
  const toMeet = readCoreToMeet(context, input);
  if (!toMeet.ok) return toMeet;
  if (readPendingClaim(context.home) !== undefined) return err(claimBegun());
  return meetCore(context, toMeet.value, async ({ fleet, ...met }) => {
    if (fleet === null) return err(notClaimed());
    // A keyring belongs to a person's session; what runs by itself takes its keys along in a folder.
    const keys = await openOrCreateDevice(kind === 'cli' ? context : { ...context, keyring: undefined }, input);
    if (!keys.ok) return keys;
    const core = { ...met, fleet };
    const device = identityOf(keys.value, kind);
    const entries = (await takeUp(context, core, keys.value, device)) ?? (await ask(context, core, device));
    return entries.ok ? await keepFleet(context, core, keys.value, entries.value) : entries;
  });
}

type ClaimedCore = MetCore & { readonly fleet: string };

const identityOf = (keys: CliKeys, kind: JoinedKind): Device => ({
  deviceId: keys.deviceId,
  name: keys.name,
  kind,
  signKey: keys.publicKey,
  ageRecipient: keys.ageRecipient,
});

/** An earlier try may have been cut off after its code was compared: then the log names this device already. */
async function takeUp(
  context: CliContext,
  { http, fleet, spki }: ClaimedCore,
  keys: CliKeys,
  device: Device,
): Promise<Result<readonly Envelope[]> | undefined> {
  const before = readPendingJoin(context.home);
  if (before?.fleet !== fleet || before.coreSpki !== spki) return undefined;
  const heads = () => ({ trustHead: null, auditHead: null });
  const session = createSession({ signer: keys.signer, clock: context.clock, fleet, coreSpki: () => spki, heads });
  const log = await createCoreClient({ http, signal: context.signal, session }).call('getTrust');
  // Not in the log after all: it asks again, as a new device does.
  if (!log.ok) return log.error.kind === 'transient' ? log : undefined;
  return verifyJoined(log.value.entries, { fleet, device, answer: before.answer });
}

async function ask(
  context: CliContext,
  { http, fleet, spki }: ClaimedCore,
  device: Device,
): Promise<Result<readonly Envelope[]>> {
  const { out, home } = context;
  const joined = await joinFleet(context, {
    client: createCoreClient({ http, signal: context.signal }),
    fleet,
    device,
    onAsked: ({ request, expiresAt, ticket }) => {
      out.line("Run this on an owner's device, or approve it in the browser that claimed the fleet:");
      out.line();
      out.line('  overseer device approve');
      out.line();
      out.line('Or hand that device this line, past the core: then there is no code to compare.');
      out.line();
      out.line(`  overseer device approve ${ticket}`);
      out.line();
      if (out.interactive) {
        out.line('A camera reads the ticket from here:');
        out.line();
        for (const line of drawCode(ticket)) out.line(line, 'paper');
        out.line();
      }
      // A script needs this while the command still waits: with --json the output is JSON lines.
      out.record({ type: 'asked', request, expiresAt, ticket, command: 'overseer device approve' });
      out.status("waiting for an owner's device …");
    },
    onCode: (code, answer) => {
      writePendingJoin(home, { fleet, coreSpki: spki, answer });
      out.status(null);
      out.line(`The code is  ${code}`);
      out.line('Type it there, or compare it. Should that device say that it is another code, do not use this one.');
      out.record({ type: 'code', code });
      out.status('waiting for the approval …');
    },
  });
  out.status(null);
  return joined;
}

/** Keeps the verified log and where the core is; from here on this is a device like any other. */
async function keepFleet(
  context: CliContext,
  core: ClaimedCore,
  keys: CliKeys,
  entries: readonly Envelope[],
): Promise<Result<Done>> {
  const { fleet, spki, addresses } = core;
  const trust = unwrap(await applyTrustEntries(createTrustState(fleet), entries)).state;
  const fleetName = trust.genesis?.fleetName ?? 'home';
  const store = createDeviceStore(openReplicaDatabase(context.home.replicaFile, keys.replicaKey));
  try {
    await store.saveTrust(entries);
    await store.saveConfig({ fleet, fleetName, coreSpki: spki, addresses, writer: randomId(context.random) });
  } finally {
    await store.close();
  }
  dropPendingJoin(context.home);
  const role = roleOf(trust, keys.deviceId);
  const name = trust.devices.get(keys.deviceId)?.name ?? keys.name;
  return done({ fleet, fleetName, deviceId: keys.deviceId, device: name, role, core: addresses[0] }, (out) => {
    out.line(`This device "${name}" is in the fleet "${fleetName}".`, 'good');
    out.line(`It is ${roleText(role)}.`);
    out.line(`keys    ${context.home.path}`);
  });
}

function notClaimed() {
  return fault(
    'core.not-claimed',
    'conflict',
    'this core has no fleet yet',
    'Claim it with the setup code: `overseer device claim`.',
  );
}

function claimBegun() {
  return fault(
    'device.other-core',
    'conflict',
    'a claim of another core was begun in this home and not finished',
    'Finish that one first, or set OVERSEER_HOME to an empty folder.',
  );
}
