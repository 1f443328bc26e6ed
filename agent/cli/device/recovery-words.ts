import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { err, fault, ok, type Random, type Result } from '#shared/kernel/index.ts';
import type { CliContext } from '../context.ts';
import { askLine } from './ask.ts';

/** Shows the recovery words once, and asks two of them back where a person sits at a terminal. */
export async function showRecoveryWords(context: CliContext, words: readonly string[]): Promise<Result<void>> {
  const { out } = context;
  out.line('Recovery words. Write them on paper now; they are shown this once and stored nowhere.', 'strong');
  out.line('With them you can always revoke a device, add one, and open your secrets.');
  for (let row = 0; row < words.length; row += 6) {
    const cells = words
      .slice(row, row + 6)
      .map((word, index) => `${String(row + index + 1).padStart(2)} ${word.padEnd(9)}`);
    out.line(`  ${cells.join(' ')}`.trimEnd());
  }
  for (const index of twoPlaces(context.random, words.length)) {
    const answer = await askLine(context.terminal, `Word number ${index + 1}: `);
    if (answer?.trim().toLowerCase() !== words[index]) return err(wrongWord(index));
  }
  return ok();
}

/** Whether a file holds the recovery words of this very fleet: a claim that was cut short had written it. */
export function hasRecoveryFile(path: string, fleet: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8').startsWith(headOf(fleet));
}

/** Writes the words to a new file, whole or not at all, for automation. */
export function writeRecoveryFile(path: string, fleet: string, words: readonly string[]): Result<void> {
  const temporary = `${path}.new`;
  try {
    rmSync(temporary, { force: true });
    const file = openSync(temporary, 'wx', 0o600);
    writeSync(file, `${headOf(fleet)}${words.join(' ')}\n`);
    fsyncSync(file);
    closeSync(file);
    // A link fails where the name is taken: no file of the person is ever replaced.
    linkSync(temporary, path);
    return ok();
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EEXIST';
    const why = taken ? 'it exists' : ((error as NodeJS.ErrnoException).code ?? 'unwritable');
    return err(
      fault(
        'cli.bad-option',
        'permanent',
        `--recovery-file: ${path} can not be written (${why})`,
        taken ? 'Give the name of a file that does not exist yet.' : 'Give another path.',
        { field: '--recovery-file' },
      ),
    );
  } finally {
    rmSync(temporary, { force: true });
  }
}

function headOf(fleet: string): string {
  return `Overseer recovery words of fleet ${fleet}\n`;
}

function twoPlaces(random: Random, count: number): number[] {
  const first = (random.bytes(1)[0] ?? 0) % count;
  const second = (first + 1 + ((random.bytes(1)[0] ?? 0) % (count - 1))) % count;
  return [first, second];
}

function wrongWord(index: number) {
  return fault(
    'cli.bad-recovery-word',
    'permanent',
    `word number ${index + 1} is not what was shown`,
    'Nothing was claimed. Run the command again: new words will be shown; write them down first.',
  );
}
