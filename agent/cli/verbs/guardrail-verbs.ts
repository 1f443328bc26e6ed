import { noWait, yes } from './shared-options.ts';
import type { Verb, VerbOption } from './verb.ts';

const service: VerbOption = {
  flags: '--service <name>',
  text: 'only this service of the app (default: the whole app)',
};
const noDeploy: VerbOption = { flags: '--no-deploy', text: 'only keep the edit; the next deploy signs it' };

/** Verbs about guardrails that are set aside. */
export const guardrailVerbs: readonly Verb[] = [
  {
    path: 'exceptions list',
    args: '[app]',
    summary: 'List the guardrails that are set aside, for which app, why, and whether that is in force.',
    examples: ['overseer exceptions list', 'overseer exceptions list jellyfin --json'],
    mutating: false,
    audit: null,
    load: () => import('../commands/exceptions-list.ts'),
  },
  {
    path: 'exceptions add',
    args: '<app> <rule> <value>',
    summary: 'Set a guardrail aside for one app and one value; shows the plan, signs it and deploys.',
    options: [
      { flags: '--reason <text>', text: 'why; it stands in the signed release' },
      service,
      noDeploy,
      yes,
      noWait,
    ],
    examples: [
      'overseer exceptions add lan-dns publish-port 53:53/udp --service dns --reason "devices ask it by address"',
    ],
    mutating: true,
    audit: 'app.deploy',
    load: () => import('../commands/exceptions-add.ts'),
  },
  {
    path: 'exceptions remove',
    args: '<app> <rule> <value>',
    summary: 'Take an exception back, so that the guardrail stands again; signs that and deploys.',
    options: [service, noDeploy, yes, noWait],
    examples: ['overseer exceptions remove lan-dns publish-port 53:53/udp --service dns'],
    mutating: true,
    audit: 'app.deploy',
    load: () => import('../commands/exceptions-remove.ts'),
  },
];
