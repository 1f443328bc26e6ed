import { type Fault, fault } from '#shared/kernel/index.ts';

/** What an editor threw, as a fault: a field or a value that can not be. */
export function badEdit(thrown: unknown): Fault {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return fault('replica.bad-edit', 'permanent', message, 'Correct the value and try again.');
}
