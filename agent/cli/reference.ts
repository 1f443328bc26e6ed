import { groups } from './groups.ts';
import { type Verb, type VerbOption, verbs } from './verbs.ts';

/** docs/cli.md, made from the table of verbs. */
export function cliReference(): string {
  const parts = [HEAD];
  let group = '';
  for (const verb of verbs) {
    const words = verb.path.split(' ').slice(0, -1).join(' ');
    if (words !== group) parts.push(`## ${words}`, `${capital(groups[words] ?? words)}.`);
    group = words;
    parts.push(...verbSection(verb));
  }
  return `${parts.join('\n\n')}\n`;
}

const HEAD = `# The command line

Made from \`agent/cli/verbs.ts\` by \`node build/run.mjs docs\`.

\`overseer core …\` and \`overseer node …\` run the parts on servers; all else is this page: a device of the fleet.

- **Output.** Text for people; with \`--json\` one JSON document in one line (verbs that stream print JSON lines). Colours
  only on a terminal, and never with \`NO_COLOR\`. What containers and nodes wrote is shown with its control characters
  escaped.
- **Errors** say what happened and what to do next: \`error:\`, \`fix:\`, \`code:\` on standard error, or
  \`{"error": {code, kind, message, next}}\` with \`--json\`. docs/errors.md lists every code.
- **Offline.** Edits and plans work without the core. A confirmed change then waits, unsigned, in the outbox; the next
  command that reaches the core signs it if nothing was released meanwhile, else shows the clash.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | failed |
| 2 | wrong usage or input |
| 3 | refused: not allowed, or in conflict with what is there |
| 4 | not reachable: try again later |
| 75 | kept, and awaits a signature |
| 130 | interrupted |

| variable | meaning |
|---|---|
| \`OVERSEER_HOME\` | this device's folder (default \`$XDG_DATA_HOME/overseer\`) |
| \`OVERSEER_PASSPHRASE_FILE\` | file with the passphrase of this device, readable by its user only; else it is asked for |
| \`OVERSEER_KEYRING\` | \`off\`: do not use the system's keyring for a new device |
| \`OVERSEER_CATALOG\` | another folder of catalogue apps |
| \`OVERSEER_TOKEN\` | an API token: the command runs for its holder, and this computer need not be a device |
| \`OVERSEER_TOKEN_FILE\` | file with that token |
| \`OVERSEER_CORE\` | with a token: where the core is, \`https://HOST:7443\` |
| \`OVERSEER_CORE_KEY\` | with a token: the core's key, 64 hex digits; another one gets no token |
| \`NO_COLOR\` | no colours |

With a token, \`apps list\`, \`jobs …\`, \`nodes list|show\`, \`routes list\` and \`proposals list|show\` read what it reaches, and
\`apps deploy|rollback|stop|start|remove\` leave a proposal. They wait for a device to sign it and for the end, 30 minutes if
\`--wait\` says nothing else, and exit with 0 when it is done, 1 when it failed, was declined or expired, and 75 when it still
awaits a signature. In a pipeline:

\`\`\`sh
export OVERSEER_TOKEN OVERSEER_CORE OVERSEER_CORE_KEY   # as \`overseer tokens add ci --app wiki\` showed them
overseer apps deploy wiki --image web=ghcr.io/me/wiki:1.4 --note "build 42" --wait 30
\`\`\``;

function verbSection(verb: Verb): string[] {
  const title = `### overseer ${verb.path}${verb.args ? ` ${verb.args}` : ''}`;
  const lines = [title, verb.summary];
  if (verb.options) lines.push(verb.options.map(optionLine).join('\n'));
  lines.push(`\`\`\`sh\n${verb.examples.join('\n')}\n\`\`\``);
  if (verb.audit !== null) lines.push(`Audit: \`${verb.audit}\`.`);
  return lines;
}

function optionLine({ flags, text, repeat }: VerbOption): string {
  return `- \`${flags}\`: ${text}${repeat ? ' (may be given several times)' : ''}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
