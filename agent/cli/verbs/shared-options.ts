import type { VerbOption } from './verb.ts';

/** Answers the plan for a script. */
export const yes: VerbOption = { flags: '--yes', text: 'confirm the plan without being asked' };

/** Leaves the job to itself. */
export const noWait: VerbOption = { flags: '--no-wait', text: 'return as soon as the core has taken the order' };

/** The default, for who writes it down. */
export const wait: VerbOption = {
  flags: '--wait',
  text: 'follow it to the end, which is the default: exits 0, 1 when it failed, or 75 while it waits for a signature',
};

/** Which node. */
export const node: VerbOption = {
  flags: '--node <name>',
  text: 'the node, by name or id (not needed when there is one)',
};
