import { appVerbs } from './verbs/app-verbs.ts';
import { fleetVerbs } from './verbs/fleet-verbs.ts';
import { guardrailVerbs } from './verbs/guardrail-verbs.ts';
import { identityVerbs } from './verbs/identity-verbs.ts';
import { recordVerbs } from './verbs/record-verbs.ts';
import { tokenVerbs } from './verbs/token-verbs.ts';
import type { Verb } from './verbs/verb.ts';

export type { Verb, VerbOption } from './verbs/verb.ts';

/** Every verb, in the order of the help. */
export const verbs: readonly Verb[] = [
  ...fleetVerbs,
  ...identityVerbs,
  ...appVerbs,
  ...guardrailVerbs,
  ...recordVerbs,
  ...tokenVerbs,
];
