import type { CallInput, CallOutput } from '#shared/contracts/ipc/index.ts';
import { err, fault, ok, type Random, type Result } from '#shared/kernel/index.ts';
import { type CoreAddress, parseSetupCode, type SetupCode, setupCodeMatchesSpki } from '#shared/trust/index.ts';
import { createGenesis, keepClaimedFleet, type PendingClaim, sendClaim } from '../../claim/claim-core.ts';
import { coreAddresses, parseCoreAddress } from '../../claim/core-address.ts';
import { type CoreClient, createCoreClient } from '../../connection/core-client.ts';
import type { DeviceContext } from '../../ports/device-context.ts';
import type { DeviceKeys } from '../../ports/device-keys.ts';
import type { DeviceStore } from '../../ports/device-store.ts';
import type { HostPorts } from '../ports.ts';
import type { CoreToMeet } from './core-to-meet.ts';

/** A claim whose recovery words were shown; nothing is claimed before the person has proved to hold them. */
export interface BegunClaim {
  readonly claim: PendingClaim;
  readonly words: readonly string[];
  /** Places of the words that are asked for. */
  readonly ask: readonly number[];
  readonly code: SetupCode;
  readonly client: CoreClient;
  readonly fleetName: string;
  readonly address: CoreAddress;
}

/** Where the claim of a device that was cut off is kept. */
const MEMO_CLAIM = 'host:claim';

interface KeptClaim {
  readonly claim: PendingClaim;
  readonly fleetName: string;
  readonly address: CoreAddress;
}

/** Meets the core by its setup code, makes keys and genesis. */
export async function beginClaim(
  ports: HostPorts,
  context: DeviceContext,
  input: CallInput<'beginClaim'>,
): Promise<Result<{ begun: BegunClaim; answer: CallOutput<'beginClaim'> }>> {
  const code = parseSetupCode(input.setupCode);
  if (!code.ok) return code;
  const typed = input.address === undefined ? ports.home : parseCoreAddress(input.address);
  if (!typed) return err(noAddress());
  const first = { linkPort: 7444, ...typed };
  // The setup code carries 80 bits or more of the core's key, so even the first contact is authenticated.
  const { http } = ports.meetCore([first], (spki) => setupCodeMatchesSpki(code.value, spki));
  const client = createCoreClient({ http, signal: context.signal });
  const begun = await meet(ports, context, { input, code: code.value, client, typed });
  if (!begun.ok) client.close();
  return begun;
}

async function meet(
  ports: HostPorts,
  context: DeviceContext,
  about: {
    input: CallInput<'beginClaim'>;
    code: SetupCode;
    client: CoreClient;
    typed: { host: string; httpPort: number };
  },
): Promise<Result<{ begun: BegunClaim; answer: CallOutput<'beginClaim'> }>> {
  const { input, code, client, typed } = about;
  const challenge = await client.call('createChallenge', { body: {} });
  if (!challenge.ok) return challenge;
  const { coreSpki, fleet, addresses } = challenge.value;
  if (!setupCodeMatchesSpki(code, coreSpki)) return err(wrongCore());
  if (fleet !== null) return err(claimed());
  const keys = await openOrCreateKeys(ports, input.deviceName);
  if (!keys.ok) return keys;
  const all = coreAddresses({ ...typed, linkPort: undefined }, addresses);
  const { fleetName, personName } = input;
  const core = { addresses: all, spki: coreSpki };
  const { claim, words } = await createGenesis(context, keys.value, { fleetName, personName, core });
  const ask = drawPlaces(context.random, words.length);
  const address = all[0] ?? { ...typed, linkPort: 7444 };
  const begun = { claim, words, ask, code, client, fleetName, address };
  return ok({ begun, answer: { words: [...words], ask: [...ask] } });
}

/** Checks the asked words, then claims. Cut off in between, `resumeClaim` finds out at the next start what became of it. */
export async function finishClaim(
  context: DeviceContext,
  store: DeviceStore,
  begun: BegunClaim,
  given: CallInput<'finishClaim'>['words'],
): Promise<Result<void>> {
  const fits = begun.ask.every((place) =>
    given.some((one) => one.place === place && one.word.trim().toLowerCase() === begun.words[place]),
  );
  if (!fits) return err(wrongWords());
  const { fleetName, address } = begun;
  const claim = { ...begun.claim, wordsKept: true };
  await store.saveMemo(MEMO_CLAIM, JSON.stringify({ claim, fleetName, address }));
  const sent = await sendClaim(begun.client, begun.code, claim);
  if (!sent.ok) return sent;
  await keepClaimedFleet(context, store, { claim, fleetName, address });
  begun.client.close();
  return ok();
}

/** Takes up a claim that the core had taken before this device could note it. True when the fleet is ours now. */
export async function resumeClaim(
  context: DeviceContext,
  store: DeviceStore,
  coreFleet: string | null,
): Promise<boolean> {
  const kept = await readClaim(store);
  if (kept?.claim.fleet !== coreFleet || !kept) return false;
  await keepClaimedFleet(context, store, kept);
  return true;
}

/** The core of a claim that was cut off; undefined when none was. */
export async function coreOfClaim(store: DeviceStore): Promise<CoreToMeet | undefined> {
  const kept = await readClaim(store);
  return kept && { address: kept.address, accepts: (spki) => spki === kept.claim.coreSpki };
}

async function readClaim(store: DeviceStore): Promise<KeptClaim | undefined> {
  const memo = await store.memo(MEMO_CLAIM);
  return memo ? (JSON.parse(memo) as KeptClaim) : undefined;
}

/** The keys that there are, or new ones; under the name that was given now, whatever an earlier try had called them. */
export async function openOrCreateKeys(ports: HostPorts, name: string): Promise<Result<DeviceKeys>> {
  const present = await ports.vault.openKeys();
  if (!present.ok) return present;
  return present.value ? ok({ ...present.value, name }) : ports.vault.createKeys(name);
}

/** Three different places, each as likely as any other. */
function drawPlaces(random: Random, count: number): number[] {
  const places = new Set<number>();
  while (places.size < 3) {
    const byte = random.bytes(1)[0] ?? 0;
    if (byte < 256 - (256 % count)) places.add(byte % count);
  }
  return [...places].sort((a, b) => a - b);
}

/** The fault of what was typed for the address of a core. */
export function noAddress() {
  return fault(
    'cli.bad-option',
    'permanent',
    'that is no address of a core',
    'Write HOST or HOST:PORT, for instance core.example.com:7443.',
    { field: 'address' },
  );
}

function wrongCore() {
  return fault(
    'claim.wrong-code',
    'denied',
    'the setup code is not that of the core at this address',
    'Check the code; if it is right, something stands between this device and the core: do not go on.',
    { field: 'setupCode' },
  );
}

function claimed() {
  return fault(
    'claim.already-claimed',
    'conflict',
    'this core belongs to a fleet already',
    'Join that fleet instead: an owner lets this device in.',
  );
}

function wrongWords() {
  return fault(
    'recovery.bad-words',
    'permanent',
    'these are not the words at those places',
    'Look at what you wrote down and type the words once more.',
    { field: 'words' },
  );
}
