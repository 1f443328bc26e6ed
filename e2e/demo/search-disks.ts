import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A place where a text was found that must not be on any disk. */
export interface Finding {
  readonly path: string;
  /** Which of the texts, by its label: the text itself is never printed. */
  readonly label: string;
}

/**
 * Searches every regular file below the folders for texts, also across the borders of read blocks, as UTF-8 and as
 * base64 of each alignment. Files that vanish meanwhile are passed over; nothing is followed or opened but files.
 */
export async function searchDisks(
  folders: readonly string[],
  texts: Readonly<Record<string, string>>,
): Promise<{ findings: Finding[]; files: number; bytes: number }> {
  const needles = Object.entries(texts).flatMap(([label, text]) =>
    spellings(text).map((needle) => ({ label, needle })),
  );
  const longest = Math.max(...needles.map(({ needle }) => needle.length));
  const findings: Finding[] = [];
  let files = 0;
  let bytes = 0;
  for await (const path of filesBelow(folders)) {
    files++;
    let tail = Buffer.alloc(0);
    try {
      for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        const window = Buffer.concat([tail, chunk]);
        for (const { label, needle } of needles) if (window.includes(needle)) findings.push({ path, label });
        tail = window.subarray(Math.max(0, window.length - longest + 1));
      }
    } catch (cause) {
      if (!isGone(cause)) throw cause;
    }
  }
  return { findings, files, bytes };
}

function spellings(text: string): Buffer[] {
  const plain = Buffer.from(text);
  // The middle of the base64 of the text after 0, 1 and 2 other bytes: what any file that embeds it encoded must hold.
  const encoded = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), plain])
      .toString('base64')
      .replace(/=+$/, '');
    return Buffer.from(whole.slice(shift === 0 ? 0 : shift + 1, -1));
  });
  return [plain, ...encoded];
}

async function* filesBelow(folders: readonly string[]): AsyncGenerator<string> {
  for (const folder of folders) {
    let names: string[];
    try {
      names = await readdir(folder);
    } catch (cause) {
      if (isGone(cause)) continue;
      throw cause;
    }
    for (const name of names) {
      const path = join(folder, name);
      const status = await lstat(path).catch(() => undefined);
      if (status?.isDirectory()) yield* filesBelow([path]);
      else if (status?.isFile()) yield path;
    }
  }
}

function isGone(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ESTALE'].includes((cause as { code?: string }).code ?? '');
}
