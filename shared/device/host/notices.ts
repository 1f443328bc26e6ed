import type { SessionView } from '#shared/contracts/ipc/index.ts';
import { type Clock, type Fault, isoTime, type Random, randomId } from '#shared/kernel/index.ts';

export type Notice = SessionView['notices'][number];

const KEPT = 20;

/** What went wrong in the background and stands nowhere else. The same thing again moves to the end. */
export interface Notices {
  list(): readonly Notice[];
  add(fault: Fault): void;
  dismiss(id: string): void;
}

/** Makes an empty list; `onChange` is told after each change. */
export function createNotices(about: { clock: Clock; random: Random; onChange: () => void }): Notices {
  let held: Notice[] = [];
  return {
    list: () => held,
    add(fault) {
      const notice = { id: randomId(about.random), at: isoTime(about.clock), fault: fault as Notice['fault'] };
      const isSame = (one: Notice) => one.fault.code === fault.code && one.fault.message === fault.message;
      held = [...held.filter((one) => !isSame(one)), notice].slice(-KEPT);
      about.onChange();
    },
    dismiss(id) {
      held = held.filter((one) => one.id !== id);
      about.onChange();
    },
  };
}
