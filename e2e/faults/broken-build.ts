import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFolder, bundleProgram } from '../../build/bundle/bundle-product.ts';

/** A piece of a source file and what stands in its place in a build that is wrong on purpose. */
export interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const built: string[] = [];

/**
 * Builds the program with pieces of its text replaced, into a folder of its own: what a control runs. The product has
 * no such switch; a piece that is not in its file exactly once ends the build.
 */
export async function buildBroken(changes: readonly Change[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-broken-'));
  built.push(folder);
  await bundleProgram(folder, [
    {
      name: 'broken-on-purpose',
      setup({ onLoad }) {
        for (const file of new Set(changes.map((change) => change.file))) {
          onLoad({ filter: new RegExp(`/${file.replaceAll('.', '\\.')}$`) }, ({ path }) => {
            let contents = readFileSync(path, 'utf8');
            for (const { from, to } of changes.filter((change) => change.file === file)) {
              if (contents.split(from).length !== 2) throw new Error(`${file} does not hold once: ${from}`);
              contents = contents.replace(from, () => to);
            }
            return { contents, loader: 'ts' };
          });
        }
      },
    },
  ]);
  // The screens are the same; they are not what is broken.
  if (existsSync(join(bundleFolder, 'web')))
    cpSync(join(bundleFolder, 'web'), join(folder, 'web'), { recursive: true });
  return folder;
}

/** Takes away every such build, when nothing runs it any more. */
export function removeBroken(): void {
  for (const folder of built.splice(0)) rmSync(folder, { recursive: true, force: true });
}
