import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import { openEnvelope } from '../envelopes/open-envelope.ts';
import { keyIdOf } from '../keys/key-id.ts';
import type { EntryKind } from './entries.ts';
import { closureOf, type LogEntry, type LogGraph } from './graph.ts';
import { isOwnerDevice, unknownSigner } from './permissions.ts';
import { checkEntry } from './rules.ts';
import { reduceEntries, type TrustView } from './view.ts';

/** LOG-18: what recovery signs: it ends keys, lets people and devices in, and gives its place to a new recovery key. */
const RECOVERY_KINDS: ReadonlySet<EntryKind> = new Set([
  'add-person',
  'add-device',
  'revoke-device',
  'revoke-person',
  'revoke-node',
  'recovery',
  'threshold',
]);

/**
 * LOG-1, LOG-4, LOG-5: verifies an entry whose parents are all in the graph, against what its own ancestors add up to
 * and nothing else, so that the answer is the same on every machine whatever else it has seen.
 */
export async function verifyEntry(
  entry: LogEntry,
  graph: LogGraph,
  fleet: string,
  place: KnownPlace = {},
): Promise<Result<void>> {
  if (entry.entry.kind === 'genesis') return verifyGenesis(entry, graph, fleet);
  const view = viewAt(entry, graph, place);
  const opened = await openEnvelope(entry.envelope, {
    kind: 'trust',
    fleet,
    keys: (keyId) => view.devices.get(keyId)?.signKey ?? recoveryKey(view, entry.entry.kind, keyId),
  });
  if (!opened.ok) return view.revokedDevices.has(entry.signer) ? err(unknownSigner(view, entry.signer)) : opened;
  const byRecovery = recoveryKey(view, entry.entry.kind, entry.signer) !== undefined;
  if (!byRecovery && entry.entry.kind === 'recovery') return err(onlyRecovery(entry.signer));
  if (!byRecovery && !isOwnerDevice(view, entry.signer)) return err(notOwner(entry.signer));
  return checkEntry(entry.entry, view);
}

/** What the ancestors of the entry before add up to: entries come in flocks on one place of the log. */
export interface KnownPlace {
  last?: { readonly parents: string; readonly view: TrustView };
}

function viewAt(entry: LogEntry, graph: LogGraph, place: KnownPlace): TrustView {
  const parents = entry.parents.join();
  if (place.last?.parents === parents) return place.last.view;
  const ancestors = closureOf(graph, entry.parents);
  const view = reduceEntries(
    graph,
    [...graph.values()].filter((other) => ancestors.has(other.hash)),
  );
  place.last = { parents, view };
  return view;
}

/** LOG-18: the recovery key, when this is its id and it signs entries of this kind. */
function recoveryKey(view: TrustView, kind: EntryKind, keyId: string): string | undefined {
  const key = view.recovery?.signKey;
  return key !== undefined && RECOVERY_KINDS.has(kind) && keyIdOf(key) === keyId ? key : undefined;
}

async function verifyGenesis(entry: LogEntry, graph: LogGraph, fleet: string): Promise<Result<void>> {
  if (entry.entry.kind !== 'genesis') return ok();
  // The same genesis again, with another signature, is checked like any entry.
  if (graph.size > 0 && !graph.has(entry.hash))
    return err(
      fault(
        'trust.second-genesis',
        'denied',
        `this log already begins with ${fleet.slice(0, 12)}`,
        'enrol this machine anew to join another fleet',
      ),
    );
  if (fleet !== '' && entry.hash !== fleet)
    return err(
      fault(
        'trust.wrong-genesis',
        'denied',
        `the log begins with ${entry.hash.slice(0, 12)}, wanted is ${fleet.slice(0, 12)}`,
        'check the address of the core: it serves another fleet, or it lies',
      ),
    );
  const { device } = entry.entry;
  const opened = await openEnvelope(entry.envelope, {
    kind: 'trust',
    fleet: '',
    keys: (keyId) => (keyId === device.deviceId ? device.signKey : undefined),
  });
  return opened.ok ? checkEntry(entry.entry, reduceEntries(graph, [])) : opened;
}

function notOwner(keyid: string): Fault {
  return fault(
    'trust.not-owner',
    'denied',
    `the device ${keyid} was no owner's desktop or CLI at this place of the log`,
    'sign the entry on a desktop or CLI of an owner',
    { detail: { keyid } },
  );
}

/** LOG-18: who signed a `recovery` without being the present one. */
export function onlyRecovery(keyid: string): Fault {
  return fault(
    'trust.not-recovery',
    'denied',
    `${keyid} is not the present recovery key: only that one names the next`,
    'sign it with the recovery words that count now',
    { detail: { keyid } },
  );
}

/** An entry of another fleet can never find its parents here. */
export function wrongFleet(got: string, want: string): Fault {
  return fault(
    'trust.wrong-fleet',
    'denied',
    `this entry is of fleet ${got.slice(0, 12) || '(none)'}, this log is of ${want.slice(0, 12)}`,
    'check that device, core and node belong to one fleet',
    { field: 'fleet' },
  );
}
