import type { Fault } from '#shared/kernel/index.ts';

/** What the program's exit code means; docs/cli.md lists the same table. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  unreachable: 4,
  awaitingSignature: 75,
  interrupted: 130,
} as const;

/** Codes of faults that mean "you typed something that cannot be", whatever part of the product says so. */
const USAGE =
  /^cli\.(usage|bad-|missing-)|^catalog\.(bad-input|unknown-app)$|^compose\.invalid$|^enrol\.bad-setup-code$/;

/** The exit code for a fault: what a script may do next follows from the fault's kind. */
export function faultToExitCode(fault: Fault): number {
  if (fault.code === 'cli.interrupted') return EXIT.interrupted;
  if (fault.code === 'cli.awaiting-signature') return EXIT.awaitingSignature;
  if (USAGE.test(fault.code)) return EXIT.usage;
  // A port that another program holds is no refusal by a rule: the machine is not ready.
  if (fault.code.endsWith('.port-taken')) return EXIT.failed;
  if (fault.kind === 'denied' || fault.kind === 'conflict') return EXIT.refused;
  if (fault.kind === 'transient') return EXIT.unreachable;
  return EXIT.failed;
}
