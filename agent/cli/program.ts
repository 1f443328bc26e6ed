import { Command, CommanderError, Option } from 'commander';
import { VERSION } from '#shared/contracts/versions.ts';
import { groups } from './groups.ts';
import { createVerbInput, type VerbInput } from './options.ts';
import { type Verb, verbs } from './verbs.ts';

/** What the command line asks for. */
export interface ParsedLine {
  readonly verb: Verb;
  readonly input: VerbInput;
  readonly json: boolean;
}

export interface ParseStreams {
  out(text: string): void;
  err(text: string): void;
}

/** Reads a command line: a verb to run, or the exit code after help, version or a usage error. */
export function parseCommandLine(
  argv: readonly string[],
  streams: ParseStreams,
): ParsedLine | { exitCode: number; usage: string | null } {
  let parsed: ParsedLine | undefined;
  let usage: string | null = null;
  const program = buildProgram(
    (line) => {
      parsed = line;
    },
    streams.out,
    (text) => {
      usage = text;
    },
  );
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { exitCode: 0, usage: null };
    // A group without a verb has printed its help; there is nothing to add, but nothing was done either.
    if (error.code === 'commander.help') return { exitCode: 2, usage: null };
    return { exitCode: 2, usage: usage ?? error.message };
  }
  return parsed ?? { exitCode: 2, usage: 'say what to do' };
}

function buildProgram(
  found: (line: ParsedLine) => void,
  out: (text: string) => void,
  complain: (text: string) => void,
): Command {
  const settle = (command: Command): Command =>
    command
      .exitOverride()
      .configureOutput({ writeOut: out, writeErr: out, outputError: (text) => complain(text) })
      .showSuggestionAfterError(true)
      .helpCommand(false);
  const program = settle(new Command('overseer'))
    .description('Apps on your own servers, each with its name, certificate and way back.')
    .version(VERSION)
    .helpCommand('help [verb]', 'display help for a verb')
    .addHelpText(
      'after',
      '\nOn servers:\n  overseer core init|start   the small always-on core\n  overseer node join|start   the agent of one server\n\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 refused, 4 not reachable, 75 awaits a signature, 130 interrupted.',
    );
  const made = new Map<string, Command>([['', program]]);
  const groupOf = (path: string): Command => {
    const known = made.get(path);
    if (known) return known;
    const words = path.split(' ');
    const group = settle(new Command(words.at(-1))).description(groups[path] ?? path);
    groupOf(words.slice(0, -1).join(' ')).addCommand(group);
    made.set(path, group);
    return group;
  };
  for (const verb of verbs) {
    const words = verb.path.split(' ');
    const command = settle(new Command(words.at(-1))).description(verb.summary);
    for (const argument of verb.args?.split(' ') ?? []) command.argument(argument);
    for (const option of verb.options ?? []) command.addOption(toOption(option.flags, option.text, option.repeat));
    command.option('--json', 'print one JSON document instead of text');
    command.addHelpText('after', `\nExamples:\n${verb.examples.map((example) => `  ${example}`).join('\n')}`);
    command.action(() => {
      const options = command.opts<Record<string, unknown>>();
      found({ verb, input: createVerbInput(command.args, options), json: options.json === true });
    });
    groupOf(words.slice(0, -1).join(' ')).addCommand(command);
  }
  return program;
}

function toOption(flags: string, text: string, repeat?: true): Option {
  const option = new Option(flags, text);
  if (repeat) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  return option;
}
