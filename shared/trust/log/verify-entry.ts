import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import { openEnvelope } from '../envelopes/open-envelope.ts';
import { closureOf, type LogEntry, type LogGraph } from './graph.ts';
import { isOwnerDevice } from './permissions.ts';
import { checkEntry } from './rules.ts';
import { reduceEntries } from './view.ts';

/**
 * LOG-1, LOG-4, LOG-5: verifies an entry whose parents are all in the graph, against what its own ancestors add up to
 * and nothing else, so that the answer is the same on every machine whatever else it has seen.
 */
export async function verifyEntry(entry: LogEntry, graph: LogGraph, fleet: string): Promise<Result<void>> {
  if (entry.entry.kind === 'genesis') return verifyGenesis(entry, graph, fleet);
  const ancestors = closureOf(graph, entry.parents);
  const view = reduceEntries(
    graph,
    [...graph.values()].filter((other) => ancestors.has(other.hash)),
  );
  const opened = await openEnvelope(entry.envelope, {
    kind: 'trust',
    fleet,
    keys: (keyId) => view.devices.get(keyId)?.signKey,
  });
  if (!opened.ok) return opened;
  if (!isOwnerDevice(view, entry.signer)) return err(notOwner(entry.signer));
  return checkEntry(entry.entry, view);
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
