import type { Result } from '#shared/kernel/index.ts';
import type { CliContext, Done } from './context.ts';
import type { VerbInput } from './options.ts';

/** Runs one verb. */
export type RunVerb = (context: CliContext, input: VerbInput) => Promise<Result<Done>>;

export interface VerbOption {
  /** As commander reads it: `--name <value>`, `--flag`, `--no-flag`. */
  readonly flags: string;
  readonly text: string;
  /** May be given several times. */
  readonly repeat?: true;
}

/** One verb of the CLI. This table makes the parser, the help, docs/cli.md and the audit test. */
export interface Verb {
  /** For instance `apps deploy`. */
  readonly path: string;
  /** `<name>` is required, `[name]` is not. */
  readonly args?: string;
  readonly summary: string;
  readonly options?: readonly VerbOption[];
  readonly examples: readonly string[];
  /** Whether an accepted run changes the fleet. */
  readonly mutating: boolean;
  /** Action of the core's audit entry that each accepted run leaves exactly once; null: none. */
  readonly audit: string | null;
  /** Takes no session and asks for no passphrase. */
  readonly offline?: true;
  readonly load: () => Promise<{ run: RunVerb }>;
}

const yes: VerbOption = { flags: '--yes', text: 'confirm the plan without being asked' };
const noWait: VerbOption = { flags: '--no-wait', text: 'return as soon as the core has taken the order' };
const node: VerbOption = { flags: '--node <name>', text: 'the node, by name or id (not needed when there is one)' };

const appChange: readonly VerbOption[] = [
  { flags: '--catalog <id>', text: 'take the app from the catalogue, for instance miniflux' },
  { flags: '--compose <file>', text: 'take the app from a Compose file' },
  node,
  { flags: '--host <name>', text: 'serve it under this host name' },
  { flags: '--service <name>', text: 'the service that --host leads to' },
  { flags: '--port <number>', text: 'the port of that service' },
  { flags: '--address <address>', text: 'what the DNS record of --host points at' },
  { flags: '--dns <mode>', text: 'auto (by the connector), manual, or off' },
  { flags: '--tls <mode>', text: 'acme, or off for plain HTTP' },
  { flags: '--input <name=value>', text: 'an input of the catalogue app', repeat: true },
  { flags: '--env <name=value>', text: 'a plain variable for the Compose file, never a secret', repeat: true },
  { flags: '--secret-file <name=file>', text: 'a secret; its value is the content of the file', repeat: true },
  {
    flags: '--secret-use <name=use>',
    text: 'where a secret goes: service:/path or service:VARIABLE',
    repeat: true,
  },
  {
    flags: '--allow <rule:service:value>',
    text: 'set a rule of the gates aside for this app; stands in the release',
    repeat: true,
  },
  { flags: '--reason <text>', text: 'why, for --allow' },
  { flags: '--health-timeout <seconds>', text: 'how long it may take to become healthy' },
];

/** Every verb, in the order of the help. */
export const verbs: readonly Verb[] = [
  {
    path: 'device claim',
    args: '[core]',
    summary: 'Make this computer the first device of a new core, and the fleet with it.',
    options: [
      { flags: '--core <address>', text: 'address of the core, when it is not the first argument' },
      { flags: '--code <code>', text: 'the setup code that `overseer core init` printed' },
      { flags: '--code-file <file>', text: 'file that holds the setup code (- for standard input)' },
      { flags: '--name <name>', text: 'name of this device (default: its host name)' },
      { flags: '--fleet-name <name>', text: 'name of the fleet (default: home)' },
      { flags: '--link-port <port>', text: "the core's port for nodes (default: 7444)" },
      { flags: '--recovery-file <file>', text: 'write the recovery words to this file instead of showing them' },
    ],
    examples: [
      'overseer device claim core.lan:7443 --code k7q2x-…',
      'overseer device claim --core https://core.lan:7443 --code-file code --recovery-file words',
    ],
    mutating: true,
    audit: 'core.claim',
    load: () => import('./commands/device-claim.ts'),
  },
  {
    path: 'device show',
    summary: 'Show this device, its fleet and its core.',
    examples: ['overseer device show --json'],
    mutating: false,
    audit: null,
    load: () => import('./commands/device-show.ts'),
  },
  {
    path: 'nodes token',
    summary: 'Print the one line that joins a server to the fleet, and wait until it has joined.',
    options: [
      { flags: '--name <name>', text: 'name of the node (default: the host name it reports)' },
      { flags: '--no-wait', text: 'only print the line; a later `nodes token --resume` lets the node in' },
      { flags: '--resume', text: 'wait for nodes whose tokens this device made earlier' },
      { flags: '--expires <minutes>', text: 'how long the token is good for (default: 30)' },
    ],
    examples: ['overseer nodes token --name cellar'],
    mutating: true,
    audit: 'enrolment.register',
    load: () => import('./commands/nodes-token.ts'),
  },
  {
    path: 'nodes list',
    summary: 'List the servers and how they are.',
    examples: ['overseer nodes list'],
    mutating: false,
    audit: null,
    load: () => import('./commands/nodes-list.ts'),
  },
  {
    path: 'nodes show',
    args: '<node>',
    summary: 'Show one server: its facts and what runs on it.',
    examples: ['overseer nodes show cellar'],
    mutating: false,
    audit: null,
    load: () => import('./commands/nodes-show.ts'),
  },
  {
    path: 'ingress enable',
    summary: 'Run Traefik on a node so that apps get a name and a certificate.',
    options: [
      node,
      { flags: '--email <address>', text: 'contact for the certificate authority' },
      { flags: '--ca-server <url>', text: "ACME directory (default: Let's Encrypt)" },
      { flags: '--ca-file <file>', text: 'PEM of the CA behind a private ACME server' },
      { flags: '--no-acme', text: 'no certificates: plain HTTP only' },
      { flags: '--http-port <port>', text: 'default 80' },
      { flags: '--https-port <port>', text: 'default 443' },
      { flags: '--public-address <address>', text: 'what DNS records point at', repeat: true },
      { flags: '--image <ref>', text: 'another Traefik image' },
      yes,
      noWait,
    ],
    examples: ['overseer ingress enable --node cellar --email me@example.com --public-address 203.0.113.7'],
    mutating: true,
    audit: 'app.deploy',
    load: () => import('./commands/ingress-enable.ts'),
  },
  {
    path: 'integrations cloudflare set',
    summary: 'Give a node a Cloudflare token, sealed to it, so that it keeps DNS records.',
    options: [
      node,
      { flags: '--token-file <file>', text: 'file that holds the API token (- for standard input)' },
      { flags: '--zone <name>', text: 'only this zone (default: every zone the token sees)', repeat: true },
      { flags: '--base-url <url>', text: "another address of Cloudflare's API" },
      yes,
      noWait,
    ],
    examples: ['overseer integrations cloudflare set --node cellar --token-file ~/cf-token'],
    mutating: true,
    audit: 'app.deploy',
    load: () => import('./commands/cloudflare-set.ts'),
  },
  {
    path: 'integrations cloudflare test',
    summary: 'Let the node test its token: each missing permission is named.',
    options: [node],
    examples: ['overseer integrations cloudflare test'],
    mutating: false,
    audit: 'command.send',
    load: () => import('./commands/cloudflare-test.ts'),
  },
  {
    path: 'apps list',
    summary: 'List the apps and how they are.',
    options: [{ flags: '--all', text: 'also removed apps of which nothing is left' }],
    examples: ['overseer apps list'],
    mutating: false,
    audit: null,
    load: () => import('./commands/apps-list.ts'),
  },
  {
    path: 'apps show',
    args: '<app>',
    summary: 'Show one app: what you want, what runs, its releases.',
    examples: ['overseer apps show feeds'],
    mutating: false,
    audit: null,
    load: () => import('./commands/apps-show.ts'),
  },
  {
    path: 'apps plan',
    args: '<name>',
    summary: 'Keep the edit and show what a deploy would change. Works offline.',
    options: appChange,
    examples: ['overseer apps plan feeds --catalog miniflux --host feeds.example.com'],
    mutating: false,
    audit: null,
    load: () => import('./commands/apps-plan.ts'),
  },
  {
    path: 'apps deploy',
    args: '<name>',
    summary: 'Edit, plan, confirm, sign and deploy an app; follow it to the end.',
    options: [...appChange, yes, noWait],
    examples: [
      'overseer apps deploy feeds --catalog miniflux --host feeds.example.com',
      'overseer apps deploy wiki --compose compose.yaml --host wiki.example.com --service web --port 8080 --yes',
    ],
    mutating: true,
    audit: 'app.deploy',
    load: () => import('./commands/apps-deploy.ts'),
  },
  {
    path: 'apps logs',
    args: '<app>',
    summary: 'Read the logs, sealed from the node to this device.',
    options: [
      { flags: '-f, --follow', text: 'go on reading' },
      { flags: '--tail <lines>', text: 'begin with the last lines (default: 100)' },
      { flags: '--service <name>', text: 'only this service' },
    ],
    examples: ['overseer apps logs feeds -f'],
    mutating: false,
    audit: 'command.send',
    load: () => import('./commands/apps-logs.ts'),
  },
  {
    path: 'apps rollback',
    args: '<app>',
    summary: 'Go back to an earlier release, as a new signed release.',
    options: [{ flags: '--to <number>', text: 'the release (default: the one before the last good)' }, yes, noWait],
    examples: ['overseer apps rollback feeds', 'overseer apps rollback feeds --to 3'],
    mutating: true,
    audit: 'app.rollback',
    load: () => import('./commands/apps-rollback.ts'),
  },
  {
    path: 'apps stop',
    args: '<app>',
    summary: 'Stop an app; routes, records and data stay.',
    options: [yes, noWait],
    examples: ['overseer apps stop feeds'],
    mutating: true,
    audit: 'app.stop',
    load: () => import('./commands/apps-stop.ts'),
  },
  {
    path: 'apps start',
    args: '<app>',
    summary: 'Start a stopped app again.',
    options: [yes, noWait],
    examples: ['overseer apps start feeds'],
    mutating: true,
    audit: 'app.start',
    load: () => import('./commands/apps-start.ts'),
  },
  {
    path: 'apps remove',
    args: '<app>',
    summary: 'Remove an app with its routes and records. Its volumes stay unless you ask.',
    options: [
      { flags: '--delete-data', text: 'also delete its volumes, after listing each with its size' },
      { flags: '--confirm <name>', text: "the app's name, for scripts that use --delete-data" },
      yes,
      noWait,
    ],
    examples: ['overseer apps remove feeds', 'overseer apps remove feeds --delete-data --confirm feeds --yes'],
    mutating: true,
    audit: 'app.remove',
    load: () => import('./commands/apps-remove.ts'),
  },
  {
    path: 'secrets list',
    args: '[app]',
    summary: 'List the names of secrets, never a value.',
    examples: ['overseer secrets list feeds'],
    mutating: false,
    audit: null,
    load: () => import('./commands/secrets-list.ts'),
  },
  {
    path: 'secrets reveal',
    args: '<app> <name>',
    summary: "Print a secret from this device's own copy. Local: the core learns nothing and logs nothing.",
    examples: ['overseer secrets reveal feeds admin_password'],
    mutating: false,
    audit: null,
    load: () => import('./commands/secrets-reveal.ts'),
  },
  {
    path: 'routes list',
    summary: 'List every public name, its certificate route and its records.',
    examples: ['overseer routes list'],
    mutating: false,
    audit: null,
    load: () => import('./commands/routes-list.ts'),
  },
  {
    path: 'jobs list',
    summary: 'List jobs, newest first.',
    options: [
      { flags: '--state <state>', text: 'queued, running, failed, done or cancelled' },
      { flags: '--app <app>', text: 'only of this app' },
      { flags: '--limit <count>', text: 'default 100' },
    ],
    examples: ['overseer jobs list --state failed'],
    mutating: false,
    audit: null,
    load: () => import('./commands/jobs-list.ts'),
  },
  {
    path: 'jobs show',
    args: '<job>',
    summary: 'Show one job with every step and its time.',
    examples: ['overseer jobs show 4hq6…'],
    mutating: false,
    audit: null,
    load: () => import('./commands/jobs-show.ts'),
  },
  {
    path: 'jobs retry',
    args: '<job>',
    summary: 'Send the same signed release again, where only its delivery failed.',
    examples: ['overseer jobs retry 4hq6…'],
    mutating: true,
    audit: 'job.retry',
    load: () => import('./commands/jobs-retry.ts'),
  },
  {
    path: 'jobs cancel',
    args: '<job>',
    summary: 'Cancel a job that is still queued.',
    examples: ['overseer jobs cancel 4hq6…'],
    mutating: true,
    audit: 'job.cancel',
    load: () => import('./commands/jobs-cancel.ts'),
  },
  {
    path: 'outbox list',
    summary: 'List confirmed changes that wait on this device for the core.',
    examples: ['overseer outbox list'],
    mutating: false,
    audit: null,
    load: () => import('./commands/outbox-list.ts'),
  },
  {
    path: 'outbox discard',
    args: '<id>',
    summary: 'Give up a waiting change; the edit itself stays.',
    examples: ['overseer outbox discard 5jc2…'],
    mutating: false,
    audit: null,
    load: () => import('./commands/outbox-discard.ts'),
  },
  {
    path: 'audit list',
    summary: 'List who did what.',
    options: [
      { flags: '--after <seq>', text: 'only entries after this one' },
      { flags: '--limit <count>', text: 'default 100' },
    ],
    examples: ['overseer audit list --limit 20'],
    mutating: false,
    audit: null,
    load: () => import('./commands/audit-list.ts'),
  },
  {
    path: 'audit export',
    summary: 'Write the whole audit log with its proofs as JSON Lines.',
    options: [{ flags: '--out <file>', text: 'where to (default: standard output)' }],
    examples: ['overseer audit export --out audit.jsonl'],
    mutating: false,
    audit: null,
    load: () => import('./commands/audit-export.ts'),
  },
  {
    path: 'audit verify',
    summary: 'Check the audit log: missing, altered, truncated and forked entries are told apart.',
    options: [
      { flags: '--file <export>', text: 'check this export; needs no core and no passphrase' },
      { flags: '--fleet <hash>', text: "the fleet's id, when the export is not of this device's fleet" },
    ],
    examples: ['overseer audit verify', 'overseer audit verify --file audit.jsonl'],
    mutating: false,
    audit: null,
    load: () => import('./commands/audit-verify.ts'),
  },
  {
    path: 'proposals list',
    summary: 'List unsigned wishes that wait for a signature.',
    examples: ['overseer proposals list'],
    mutating: false,
    audit: null,
    load: () => import('./commands/proposals-list.ts'),
  },
];
