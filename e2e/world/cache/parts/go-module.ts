import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goRun } from '../go.ts';

/** Downloads one module into the lab's module cache and returns the folder it lies in. */
export async function downloadModule(part: string, work: string, module: string, version: string): Promise<string> {
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'go.mod'), 'module lab.invalid/download\n');
  const answer = JSON.parse(await goRun(part, work, ['mod', 'download', '-json', `${module}@${version}`])) as {
    Dir: string;
  };
  return answer.Dir;
}

/** The lines of a go.mod's directive (`exclude`, …), single or in a block, without comments. */
export function directiveLines(goMod: string, directive: string): string[] {
  const bare = goMod.replace(/\s*\/\/.*$/gm, '');
  const blocks = [...bare.matchAll(new RegExp(`^${directive} \\(([^)]*)\\)`, 'gm'))].flatMap((m) =>
    (m[1] ?? '').split('\n'),
  );
  const singles = [...bare.matchAll(new RegExp(`^${directive} ([^(\\n]+)$`, 'gm'))].map((m) => m[1] ?? '');
  return [...blocks, ...singles].map((l) => l.trim()).filter(Boolean);
}

export type WrapperModule = {
  module: string;
  version: string;
  /** The package of `module` whose import makes the wrapper need all that the program needs. */
  imports: string;
  /** Further lines of the wrapper's go.mod. */
  directives: readonly string[];
};

/**
 * Writes a module in `work` that requires one other module: `go install` refuses modules whose go.mod has replaces or
 * excludes, a wrapper that repeats them builds. Returns the folder of the downloaded module.
 */
export async function writeWrapperModule(part: string, work: string, wrapper: WrapperModule): Promise<string> {
  rmSync(work, { recursive: true, force: true });
  const source = await downloadModule(part, work, wrapper.module, wrapper.version);
  const go = /^go .*$/m.exec(readFileSync(join(source, 'go.mod'), 'utf8'))?.[0] ?? 'go 1.26';
  const require = `require ${wrapper.module} ${wrapper.version}`;
  writeFileSync(
    join(work, 'go.mod'),
    ['module lab.invalid/wrapper', go, require, ...wrapper.directives, ''].join('\n'),
  );
  writeFileSync(join(work, 'go.sum'), readFileSync(join(source, 'go.sum')));
  writeFileSync(join(work, 'tools.go'), `//go:build tools\n\npackage tools\n\nimport _ "${wrapper.imports}"\n`);
  return source;
}
