import { noWait, wait, yes } from './shared-options.ts';
import type { Verb } from './verb.ts';

/** Verbs about API tokens and what they ask for. */
export const tokenVerbs: readonly Verb[] = [
  {
    path: 'tokens add',
    args: '<name>',
    summary: 'Make an API token, which reads and proposes within limits; it is shown this once.',
    options: [
      {
        flags: '--verb <verb>',
        text: 'read, create, deploy, rollback, stop, start, remove (default: read and deploy)',
        repeat: true,
      },
      { flags: '--node <name>', text: 'only on this node', repeat: true },
      { flags: '--app <name>', text: 'only this app', repeat: true },
      { flags: '--expires <days>', text: 'until so many days from now (default 90, at most 366)' },
    ],
    examples: ['overseer tokens add ci --app wiki', 'overseer tokens add dashboard --verb read --expires 366'],
    mutating: true,
    audit: 'token.add',
    load: () => import('../commands/tokens-add.ts'),
  },
  {
    path: 'tokens list',
    summary: 'List the API tokens with what they may, never the tokens themselves.',
    examples: ['overseer tokens list'],
    mutating: false,
    audit: null,
    load: () => import('../commands/tokens-list.ts'),
  },
  {
    path: 'tokens revoke',
    args: '<token>',
    summary: 'End an API token, by name or id.',
    examples: ['overseer tokens revoke ci'],
    mutating: true,
    audit: 'token.revoke',
    load: () => import('../commands/tokens-revoke.ts'),
  },
  {
    path: 'proposals list',
    summary: 'List unsigned wishes that wait for a signature.',
    options: [
      { flags: '--all', text: 'also those that were accepted, declined, or have expired' },
      { flags: '--state <state>', text: 'only these: awaiting-signature, accepted, declined or expired' },
    ],
    examples: ['overseer proposals list', 'overseer proposals list --all'],
    mutating: false,
    audit: null,
    load: () => import('../commands/proposals-list.ts'),
  },
  {
    path: 'proposals show',
    args: '<proposal>',
    summary: 'Show one proposal and what became of it.',
    options: [wait],
    examples: ['overseer proposals show 4hq6…', 'overseer proposals show 4hq6… --wait 30'],
    mutating: false,
    audit: null,
    load: () => import('../commands/proposals-show.ts'),
  },
  {
    path: 'proposals accept',
    args: '<proposal>',
    summary: 'Plan what a proposal asks for, confirm it, sign and deploy it; follow it to the end.',
    options: [yes, { flags: '--with-waiting', text: 'confirm edits that waited before as well' }, wait, noWait],
    examples: ['overseer proposals accept 4hq6…'],
    mutating: true,
    audit: 'app.deploy',
    load: () => import('../commands/proposals-accept.ts'),
  },
  {
    path: 'proposals decline',
    args: '<proposal>',
    summary: 'Say no to a proposal; who asked reads the reason.',
    options: [{ flags: '--reason <text>', text: 'why' }],
    examples: ['overseer proposals decline 4hq6… --reason "not on a Friday"'],
    mutating: true,
    audit: 'proposal.decline',
    load: () => import('../commands/proposals-decline.ts'),
  },
];
