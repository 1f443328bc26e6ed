import { isAlarm } from '#shared/contracts/errors/alarms.ts';
import type { SessionView } from '#shared/contracts/ipc/index.ts';
import { type Clock, type Fault, isoTime, type Random, randomId } from '#shared/kernel/index.ts';

export type Notice = SessionView['notices'][number];

const KEPT = 20;

/** What is left when a person puts a notice away: an alarm only loses its notice, everything else is gone. */
export function decideDismissed(notices: readonly Notice[], id: string): Notice[] {
  return notices.flatMap((one): Notice[] => {
    if (one.id !== id) return [one];
    return isAlarm(one.fault.code) ? [{ ...one, hidden: true }] : [];
  });
}

/** The newest, and every alarm however old. */
function keepNewest(notices: readonly Notice[]): Notice[] {
  const newest = new Set(notices.filter(({ fault }) => !isAlarm(fault.code)).slice(-KEPT));
  return notices.filter((one) => newest.has(one) || isAlarm(one.fault.code));
}

/** What went wrong in the background and stands nowhere else. The same thing again moves to the end. */
export interface Notices {
  list(): readonly Notice[];
  add(fault: Fault): void;
  dismiss(id: string): void;
  /** Every alarm is gone, put away or not: one that comes again is new. */
  settleAlarms(): void;
}

/** Makes an empty list; `onChange` is told after each change. */
export function createNotices(about: { clock: Clock; random: Random; onChange: () => void }): Notices {
  let held: readonly Notice[] = [];
  return {
    list: () => held,
    add(fault) {
      const isSame = (one: Notice) => one.fault.code === fault.code && one.fault.message === fault.message;
      // An alarm is told again at each look; once put away its notice does not come back.
      if (held.some((one) => one.hidden && isSame(one))) return;
      const notice = { id: randomId(about.random), at: isoTime(about.clock), fault: fault as Notice['fault'] };
      held = keepNewest([...held.filter((one) => !isSame(one)), notice]);
      about.onChange();
    },
    settleAlarms() {
      held = held.filter(({ fault }) => !isAlarm(fault.code));
      about.onChange();
    },
    dismiss(id) {
      held = decideDismissed(held, id);
      about.onChange();
    },
  };
}
