import { readFileSync } from 'node:fs';
import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';

/** Arguments and options of one run, as typed by the person. */
export interface VerbInput {
  readonly args: readonly string[];
  /** The named positional argument, or '' when it was left out. */
  arg(index: number): string;
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** A boolean option that also has a `--no-` form; undefined when neither was given. */
  choice(name: string): boolean | undefined;
  list(name: string): readonly string[];
  /** Names of the options that have a value. */
  given(): readonly string[];
}

/** Wraps commander's loosely typed options. */
export function createVerbInput(args: readonly string[], options: Readonly<Record<string, unknown>>): VerbInput {
  return {
    args,
    arg: (index) => args[index] ?? '',
    text: (name) => (typeof options[name] === 'string' ? options[name] : undefined),
    flag: (name) => options[name] === true,
    choice: (name) => (typeof options[name] === 'boolean' ? options[name] : undefined),
    list: (name) => (Array.isArray(options[name]) ? (options[name] as string[]) : []),
    given: () => Object.keys(options).filter((name) => options[name] !== undefined),
  };
}

/** An option that must be there. */
export function requiredText(input: VerbInput, name: string, flag: string): Result<string> {
  const text = input.text(name);
  return text ? ok(text) : err(badOption(`cli.missing-option`, flag, 'is needed', `Give ${flag} and run it again.`));
}

/** A whole number from `min` to `max`, or undefined when the option was not given. */
export function numberOption(
  input: VerbInput,
  name: string,
  flag: string,
  min: number,
  max: number,
): Result<number | undefined> {
  const text = input.text(name);
  if (text === undefined) return ok(undefined);
  const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return ok(value);
  return err(
    badOption('cli.bad-option', flag, `"${text}" is not a whole number from ${min} to ${max}`, `Correct ${flag}.`),
  );
}

/** `key=value` pairs; the value may hold further equals signs. */
export function pairsOption(input: VerbInput, name: string, flag: string): Result<ReadonlyMap<string, string>> {
  const pairs = new Map<string, string>();
  for (const item of input.list(name)) {
    const at = item.indexOf('=');
    if (at < 1)
      return err(badOption('cli.bad-option', flag, `"${item}" is not NAME=VALUE`, `Write ${flag} NAME=VALUE.`));
    pairs.set(item.slice(0, at), item.slice(at + 1));
  }
  return ok(pairs);
}

/** The bytes of a file that an option names; `-` is standard input. */
export function fileOption(path: string, flag: string, maxBytes: number): Result<Uint8Array<ArrayBuffer>> {
  try {
    const bytes = readFileSync(path === '-' ? 0 : path);
    if (bytes.length > maxBytes) {
      const text = `${path} has ${bytes.length} bytes, at most ${maxBytes} are taken`;
      return err(badOption('cli.bad-option', flag, text, 'Give a smaller file.'));
    }
    return ok(new Uint8Array(bytes));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    return err(badOption('cli.bad-option', flag, `${path} can not be read (${why})`, 'Check the path and its rights.'));
  }
}

/** The fault of an option that can not be. */
export function badOption(code: string, flag: string, text: string, next: string): Fault {
  return fault(code, 'permanent', `${flag}: ${text}`, next, { field: flag });
}
