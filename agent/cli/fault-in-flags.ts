import type { Fault } from '#shared/kernel/index.ts';

/** How the command line says what is wrong with a field: its option, and words for whoever types options. */
interface OptionWords {
  /** Undefined where no option stands for the field. */
  readonly flag?: string;
  /** Whether the message begins with the option. */
  readonly leads?: true;
  readonly message?: string;
  readonly next?: (fault: Fault) => string;
}

const WORDS: Readonly<Record<string, OptionWords>> = {
  'node.ambiguous node': { flag: '--node' },
  'node.unknown node': { flag: '--node' },
  'node.none node': { flag: '--node' },
  'cli.missing-option node': { flag: '--node', next: ({ next }) => next.replace('Name one:', 'Name one with --node:') },
  'cli.missing-option secretUse': {
    flag: '--secret-use',
    leads: true,
    next: ({ next }) =>
      next.replace(
        /say which service takes (.+) and where\.$/,
        'give --secret-use $1=SERVICE:/path or $1=SERVICE:VARIABLE.',
      ),
  },
  'cli.missing-option host': { flag: '--host', leads: true, next: () => 'Give --host NAME.' },
  'cli.missing-option service': {
    flag: '--service',
    leads: true,
    next: () => 'Give --service NAME and --port NUMBER.',
  },
  'cli.missing-option port': { flag: '--port', leads: true, next: () => 'Give --service NAME and --port NUMBER.' },
  'cli.missing-option email': {
    flag: '--email',
    leads: true,
    next: () => 'Give --email ADDRESS, or --no-acme for plain HTTP only.',
  },
  'cli.bad-option caServer': { flag: '--ca-server', leads: true },
  'ingress.port-taken ports': {
    next: ({ next }) => next.replace('choose other ports', 'give --http-port and --https-port'),
  },
  'cli.missing-option token': {
    flag: '--token-file',
    leads: true,
    message: 'is needed',
    next: () => 'Give the file that holds the API token.',
  },
  'cli.bad-option baseUrl': { flag: '--base-url', leads: true },
  'route.hostname-taken host': { flag: '--host' },
  'ingress.absent host': { flag: '--host' },
  'route.no-acme host': {
    flag: '--host',
    next: () => 'Give `overseer ingress enable` an --email, or --tls off for plain HTTP.',
  },
  'release.no-earlier release': { next: () => 'Name one with --to, or mend it and deploy.' },
  'release.not-running release': {
    flag: '--to',
    next: () => 'Choose another with --to; `overseer apps show` lists them.',
  },
  'release.unknown release': { flag: '--to' },
  'app.removed deleteVolumes': { next: () => 'Its data goes with --delete-data.' },
};

/** The same fault with the option in the place of the field: what stands in shared/device knows no options. */
export function faultInFlags(fault: Fault): Fault {
  const words = WORDS[`${fault.code} ${fault.field}`];
  if (words === undefined) return fault;
  const { field: _, ...rest } = fault;
  const message = words.message ?? fault.message;
  return {
    ...rest,
    message: words.leads ? `${words.flag}: ${message}` : message,
    next: words.next?.(fault) ?? fault.next,
    ...(words.flag === undefined ? {} : { field: words.flag }),
  };
}
