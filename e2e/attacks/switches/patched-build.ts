import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { labHome } from '#world/cache/layout.ts';
import { bundleProgram } from '../../../build/bundle/bundle-product.ts';
import type { Patch } from './switch.ts';
import { type SwitchName, switches } from './switches.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const KEPT_BUILDS = 300;

/** Builds of the program without some of its checks: for tests only, one folder per set, kept by what went into them. */
export const buildWithout = (checks: readonly SwitchName[], further: readonly Patch[] = []): Promise<string> =>
  buildWith([...checks.flatMap((name) => switches[name].patches), ...further]);

/** A build with other texts in some places: also a hostile program that is ours but for a few words. */
export async function buildWith(patches: readonly Patch[]): Promise<string> {
  const folder = join(buildsFolder(), keyOf(patches));
  if (existsSync(folder)) return folder;
  mkdirSync(buildsFolder(), { recursive: true });
  const fresh = `${folder}.${process.pid}`;
  try {
    await bundleProgram(fresh, [withPatches(patches)]);
    leaveOutWeight(fresh);
    if (!existsSync(folder)) renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  forgetOld();
  return folder;
}

/** What is wrong with a switch: each text it replaces must stand in its file exactly once. */
export function problemsOf(name: SwitchName): string[] {
  return switches[name].patches.flatMap(({ file, find }) => {
    const path = join(root, file);
    if (!existsSync(path)) return [`${name}: ${file} is not there any more`];
    const times = readFileSync(path, 'utf8').split(find).length - 1;
    return times === 1 ? [] : [`${name}: ${file} holds the text of the check ${times} times, not once`];
  });
}

/** Replaces source text as it is loaded. A check that was moved or reworded stops the build: it would be switched off in name only. */
function withPatches(patches: readonly Patch[]): Plugin {
  return {
    name: 'without-checks',
    setup({ onLoad, onEnd }) {
      const applied = new Set<Patch>();
      onLoad({ filter: /\.ts$/, namespace: 'file' }, ({ path }) => {
        const own = patches.filter(({ file }) => file === relative(root, path));
        if (own.length === 0) return undefined;
        let contents = readFileSync(path, 'utf8');
        for (const patch of own) {
          const parts = contents.split(patch.find);
          if (parts.length !== 2)
            return { errors: [{ text: `${patch.file}: the text to replace stands there ${parts.length - 1} times` }] };
          contents = parts.join(patch.replace);
          applied.add(patch);
        }
        return { contents, loader: 'ts' };
      });
      onEnd(() => ({
        errors: patches
          .filter((patch) => !applied.has(patch))
          .map(({ file }) => ({ text: `${file} is no part of the program any more` })),
      }));
    },
  };
}

const buildsFolder = (): string => join(labHome(), 'attacks');

/** Names what goes into a build: all sources, all packages, how it is bundled, and the patches. */
function keyOf(patches: readonly Patch[]): string {
  return createHash('sha256').update(sourceKey()).update(JSON.stringify(patches)).digest('hex').slice(0, 24);
}

let sources: string | undefined;
function sourceKey(): string {
  if (sources !== undefined) return sources;
  const hash = createHash('sha256');
  const files = globSync(['{shared,agent}/**/*.{ts,json}', 'package-lock.json', 'build/bundle/*.ts'], { cwd: root });
  for (const file of files.sort()) {
    if (file.endsWith('.test.ts')) continue;
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)));
  }
  sources = hash.digest('hex');
  return sources;
}

/** Each set of checks is a build of its own: source maps and the parts for other machines are not kept. */
function leaveOutWeight(folder: string): void {
  const native = join(folder, 'better-sqlite3/prebuilds');
  const foreign = readdirSync(native).filter((name) => !name.endsWith(`-${process.arch}.node`));
  const maps = readdirSync(folder).filter((name) => name.endsWith('.map'));
  for (const path of [...foreign.map((name) => join(native, name)), ...maps.map((name) => join(folder, name))])
    rmSync(path);
}

/** Old builds go, so that the cache does not grow for ever. */
function forgetOld(): void {
  const folder = buildsFolder();
  const all = readdirSync(folder).map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }));
  for (const { name } of all.sort((a, b) => b.at - a.at).slice(KEPT_BUILDS))
    rmSync(join(folder, name), { recursive: true, force: true });
}
