import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A secret and where it comes from; only the name is ever shown. */
export interface Canary {
  readonly name: string;
  readonly text: string;
}

/** The ways in which a text may lie in a file: as it is, in base64 at each of three offsets, in hex. */
function spellings(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  const inBase64 = [0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // What the neighbours on both sides have a part in is left out.
    return whole.slice(offset === 0 ? 0 : 4, whole.length - 4);
  });
  const texts = [
    text,
    bytes.toString('hex'),
    ...inBase64,
    ...inBase64.map((one) => one.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return [...new Set(texts)].map((one) => Buffer.from(one));
}

/** Names of the canaries that some file below a folder holds, in whatever spelling. */
export function findInFolder(folder: string, canaries: readonly Canary[]): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const contents = files.map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  return canaries.filter((one) => isIn(contents, one)).map(({ name }) => name);
}

/** Names of the canaries that a text holds. */
export function findInText(text: string, canaries: readonly Canary[]): string[] {
  return canaries.filter((one) => isIn([Buffer.from(text)], one)).map(({ name }) => name);
}

/** Names of the canaries that these bytes hold. */
export function findInBytes(bytes: Buffer, canaries: readonly Canary[]): string[] {
  return canaries.filter((one) => isIn([bytes], one)).map(({ name }) => name);
}

function isIn(contents: readonly Buffer[], { text }: Canary): boolean {
  const all = spellings(text);
  return contents.some((content) => all.some((one) => content.includes(one)));
}

/** What must never leave a node, from the file of its keys. */
export function nodeCanaries(disk: string): Canary[] {
  const file = JSON.parse(readFileSync(join(disk, 'identity.json'), 'utf8')) as Record<string, string>;
  return ['signSeed', 'ageIdentity', 'tlsKey'].map((name) => ({ name, text: middleOf(file[name] ?? '') }));
}

/** A stretch of a long text that is on one line: keys are written with line breaks here and without there. */
function middleOf(text: string): string {
  const line = text.split('\n').reduce((longest, one) => (one.length > longest.length ? one : longest), '');
  return line.slice(0, 60);
}
