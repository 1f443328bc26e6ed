import { readFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { err, type Fault, fault, ok, type Result, visibleText } from '#shared/kernel/index.ts';
import type { AskPassphrase } from './device-keys.ts';

/** The shortest passphrase taken, in characters. */
export const MIN_PASSPHRASE_LENGTH = 10;

export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whether a person can be asked. */
export function canAsk(terminal: Terminal): boolean {
  return terminal.stdin.isTTY === true && terminal.stderr.isTTY === true;
}

/** Asks for a line on the terminal; `hidden` does not echo what is typed. */
export function askLine(terminal: Terminal, question: string, hidden = false): Promise<string | undefined> {
  const { stdin, stderr } = terminal;
  // A question may name what others have named.
  const shown = visibleText(question);
  return new Promise((resolve) => {
    const reader = createInterface({
      input: stdin,
      // Without an output readline echoes nothing; in raw mode the terminal does not either.
      ...(hidden ? {} : { output: stderr, prompt: shown }),
      terminal: true,
    });
    // Only now: the terminal no longer echoes what is typed after a hidden question.
    if (hidden) stderr.write(shown);
    else reader.prompt();
    let answered = false;
    const done = (answer: string | undefined): void => {
      if (answered) return;
      answered = true;
      if (hidden) stderr.write('\n');
      reader.close();
      resolve(answer);
    };
    reader.once('line', done);
    reader.once('SIGINT', () => done(undefined));
    reader.once('close', () => done(undefined));
  });
}

/** A passphrase from OVERSEER_PASSPHRASE_FILE or from the terminal; never from an argument or a plain variable. */
export function createAskPassphrase(terminal: Terminal): AskPassphrase {
  return async ({ confirm }) => {
    const path = terminal.env.OVERSEER_PASSPHRASE_FILE;
    if (path) return readPassphraseFile(path, confirm);
    if (!canAsk(terminal)) return err(nobodyToAsk());
    const first = await askLine(terminal, confirm ? 'New passphrase for this device: ' : 'Passphrase: ', true);
    if (first === undefined) return err(notGiven());
    if (!confirm) return ok(first);
    const problem = passphraseProblem(first);
    if (problem) return err(problem);
    const second = await askLine(terminal, 'The same again: ', true);
    return second === first ? ok(first) : err(different());
  };
}

function readPassphraseFile(path: string, confirm: boolean): Result<string> {
  let text: string;
  try {
    if ((statSync(path).mode & 0o077) !== 0 && statSync(path).isFile()) return err(openToOthers(path));
    text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    return err(
      fault(
        'cli.bad-passphrase-file',
        'permanent',
        `OVERSEER_PASSPHRASE_FILE: ${path} can not be read (${why})`,
        'Point it at a file that holds the passphrase in one line and that only you can read.',
      ),
    );
  }
  const problem = confirm ? passphraseProblem(text) : undefined;
  return problem ? err(problem) : ok(text);
}

function passphraseProblem(text: string): Fault | undefined {
  if (text.length >= MIN_PASSPHRASE_LENGTH) return undefined;
  return fault(
    'cli.bad-passphrase',
    'permanent',
    `the passphrase has ${text.length} characters`,
    `Take at least ${MIN_PASSPHRASE_LENGTH}; four or more random words are easy to type and hard to guess.`,
  );
}

function openToOthers(path: string): Fault {
  return fault(
    'cli.bad-passphrase-file',
    'permanent',
    `OVERSEER_PASSPHRASE_FILE: other users can read ${path}`,
    'Run `chmod 600` on it and try again.',
  );
}

function nobodyToAsk(): Fault {
  return fault(
    'cli.missing-passphrase',
    'permanent',
    'the passphrase of this device is needed and there is no terminal to ask on',
    'Set OVERSEER_PASSPHRASE_FILE to a file that only you can read.',
  );
}

function notGiven(): Fault {
  return fault('cli.interrupted', 'transient', 'no passphrase was given', 'Run the command again.');
}

function different(): Fault {
  return fault('cli.bad-passphrase', 'permanent', 'the two passphrases differ', 'Run the command again.');
}
