import type { SessionView } from '#shared/contracts/ipc/index.ts';
import { err, fault, ok, type Result, randomId } from '#shared/kernel/index.ts';
import type { ApproverAnswer, Device, Envelope } from '#shared/trust/index.ts';
import { parseCoreAddress } from '../../claim/core-address.ts';
import { createCoreClient } from '../../connection/core-client.ts';
import { createSession } from '../../connection/session.ts';
import { joinFleet } from '../../enrolment/join-fleet.ts';
import { verifyJoined } from '../../enrolment/verify-joined.ts';
import type { DeviceContext } from '../../ports/device-context.ts';
import type { DeviceKeys } from '../../ports/device-keys.ts';
import type { DeviceStore } from '../../ports/device-store.ts';
import type { HostPorts } from '../ports.ts';
import { noAddress, openOrCreateKeys } from './claim-session.ts';
import type { CoreToMeet } from './core-to-meet.ts';

/** What the person sees while an owner has to approve. */
export type Joining = NonNullable<SessionView['joining']>;

/** The command on an owner's computer that lets this device in. */
const APPROVE = 'overseer device approve';

const MEMO_JOIN = 'host:join';

/** A join that was shown a code: enough to take the log later, when this device was cut off before it heard. */
interface KeptJoin {
  readonly fleet: string;
  readonly device: Device;
  readonly answer: ApproverAnswer;
  readonly coreSpki: string;
  readonly address: { readonly host: string; readonly httpPort: number; readonly linkPort: number };
}

/** Asks to be let in and waits. Resolves when the fleet is kept in the store and can be opened. */
export async function joinSession(
  ports: HostPorts,
  context: DeviceContext,
  about: {
    openStore: () => Promise<Result<DeviceStore>>;
    deviceName: string;
    address: string | undefined;
    onJoining: (joining: Joining) => void;
  },
): Promise<Result<void>> {
  const { onJoining } = about;
  const typed = about.address === undefined ? ports.home : parseCoreAddress(about.address);
  if (!typed) return err(noAddress());
  const first = { linkPort: 7444, ...typed };
  const keys = await openOrCreateKeys(ports, about.deviceName);
  if (!keys.ok) return keys;
  const held = await about.openStore();
  if (!held.ok) return held;
  const store = held.value;
  let shown = '';
  // Whoever answers is believed only as far as the code goes that two people compare: it covers fleet and keys.
  const { http } = ports.meetCore([first], (spki) => {
    shown = spki;
    return true;
  });
  const client = createCoreClient({ http, signal: context.signal });
  try {
    const challenge = await client.call('createChallenge', { body: {} });
    if (!challenge.ok) return challenge;
    const { fleet, coreSpki } = challenge.value;
    if (fleet === null) return err(noFleet());
    if (shown !== '' && shown !== coreSpki) return err(otherKey());
    const device = toDevice(keys.value);
    let joining: Joining = { code: null, command: APPROVE, expiresAt: '' };
    let kept: KeptJoin | undefined;
    const joined = await joinFleet(context, {
      client,
      fleet,
      device,
      onAsked({ expiresAt }) {
        joining = { ...joining, expiresAt };
        onJoining(joining);
      },
      onCode(code, answer) {
        joining = { ...joining, code };
        kept = { fleet, device, answer, coreSpki, address: first };
        // Kept at once: the approval may come while this device is away.
        void store.saveMemo(MEMO_JOIN, JSON.stringify(kept)).catch(ports.onBug);
        onJoining(joining);
      },
    });
    if (!joined.ok) return joined;
    if (!kept) return err(noFleet());
    return keepJoined(context, store, kept, joined.value);
  } finally {
    client.close();
  }
}

/** Takes up a join whose approval this device did not hear of. True when it is in its fleet now. */
export async function resumeJoin(ports: HostPorts, context: DeviceContext, store: DeviceStore): Promise<boolean> {
  const kept = await readJoin(store);
  if (!kept) return false;
  const keys = await ports.vault.openKeys();
  if (!keys.ok || keys.value === null) return false;
  const { http } = ports.meetCore([kept.address], (spki) => spki === kept.coreSpki);
  // Only a device that stands in the log gets a session: a core that gives one has heard of the approval.
  const session = createSession({
    signer: keys.value.signer,
    clock: context.clock,
    fleet: kept.fleet,
    coreSpki: () => kept.coreSpki,
    heads: () => ({ trustHead: null, auditHead: null }),
  });
  const client = createCoreClient({ http, signal: context.signal, session });
  try {
    const log = await client.call('getTrust');
    if (!log.ok) return false;
    const verified = await verifyJoined(log.value.entries, kept);
    return verified.ok && (await keepJoined(context, store, kept, verified.value)).ok;
  } finally {
    client.close();
  }
}

/** The core of a join that was cut off; undefined when none was. */
export async function coreOfJoin(store: DeviceStore): Promise<CoreToMeet | undefined> {
  const kept = await readJoin(store);
  return kept && { address: kept.address, accepts: (spki) => spki === kept.coreSpki };
}

async function readJoin(store: DeviceStore): Promise<KeptJoin | undefined> {
  const memo = await store.memo(MEMO_JOIN);
  return memo ? (JSON.parse(memo) as KeptJoin) : undefined;
}

async function keepJoined(
  context: DeviceContext,
  store: DeviceStore,
  kept: KeptJoin,
  entries: readonly Envelope[],
): Promise<Result<void>> {
  const { fleet, coreSpki, address } = kept;
  await store.saveTrust(entries);
  const config = { fleet, fleetName: '', coreSpki, addresses: [address], writer: randomId(context.random) };
  await store.saveConfig(config);
  await store.saveMemo(MEMO_JOIN, '');
  return ok();
}

function toDevice({ deviceId, name, kind, publicKey, ageRecipient }: DeviceKeys): Device {
  return { deviceId, name, kind, signKey: publicKey, ageRecipient };
}

function noFleet() {
  return fault('device.unclaimed', 'permanent', 'this core has no fleet yet', 'Claim it with its setup code.');
}

function otherKey() {
  return fault(
    'core.wrong-key',
    'denied',
    'the core shows one key and names another',
    'Something stands between this device and the core: do not go on.',
  );
}
