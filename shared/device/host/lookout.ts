import type { Fault } from '#shared/kernel/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { listAlarms } from '../holding/alarms.ts';
import { type AskingNode, lookAfterNode, vouchFor } from '../holding/vouch.ts';
import type { DeviceContext } from '../ports/device-context.ts';

/** How long after rows of others their audit heads are compared: more of them come in that time. */
const COMPARE_AFTER_MS = 1_000;

/** What a host does unasked, so that nobody is deceived: it vouches for nodes, compares heads, and shows alarms. */
export interface Lookout {
  /** HOLD: nodes that ask are answered, and how far they have come is remembered. */
  lookAfter(nodeIds: readonly string[]): void;
  vouchFor(nodes: readonly AskingNode[]): void;
  /** AUD-8: what others saw of the core's audit, some time after their rows and entries came. */
  compareSoon(): void;
  close(): void;
}

/** Makes the lookout of an open fleet. Alarms outlast the window that a person had open when they were raised. */
export function createLookout(
  { onBug }: { readonly onBug: (error: unknown) => void },
  context: DeviceContext,
  fleet: Fleet,
  notices: { add(fault: Fault): void },
): Lookout {
  let callOff: (() => void) | undefined;
  const showAlarms = async (): Promise<void> => {
    for (const { fault } of await listAlarms(fleet.store)) notices.add(fault);
  };
  return {
    lookAfter(nodeIds) {
      for (const nodeId of new Set(nodeIds)) void lookAfterNode(context, fleet, nodeId).then(showAlarms).catch(onBug);
    },
    vouchFor(nodes) {
      for (const node of nodes) void vouchFor(context, fleet, node).then(showAlarms).catch(onBug);
    },
    compareSoon() {
      callOff ??= context.timers.after(COMPARE_AFTER_MS, () => {
        callOff = undefined;
        void fleet.compareAudit().then(showAlarms).catch(onBug);
      });
    },
    close: () => callOff?.(),
  };
}
