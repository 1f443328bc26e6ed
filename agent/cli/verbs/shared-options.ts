import type { VerbOption } from './verb.ts';

/** Answers the plan for a script. */
export const yes: VerbOption = { flags: '--yes', text: 'confirm the plan without being asked' };

/** Waits for the end, not longer than this. */
export const wait: VerbOption = {
  flags: '--wait [minutes]',
  text: 'wait for the end, which is the default, at most so long: exits 0, 1 when it failed or was declined, 75 while it waits for a signature',
};

/** Leaves the job to itself. */
export const noWait: VerbOption = { flags: '--no-wait', text: 'return as soon as the core has taken the order' };

/** Which node. */
export const node: VerbOption = {
  flags: '--node <name>',
  text: 'the node, by name or id (not needed when there is one)',
};

/** What is said beside a proposal. */
export const note: VerbOption = {
  flags: '--note <text>',
  text: 'with an API token: a word to whoever signs it',
};
