import { existsSync } from 'node:fs';

export interface Step {
  name: string;
  command: string;
  args: string[];
  /** What it says is worth reading when all is well, too. */
  tells?: boolean;
}

const node = process.execPath;

/** A step of our own: a TypeScript file that Node runs as it is. */
function own(name: string, file: string, ...args: string[]): Step {
  return { name, command: node, args: [file, ...args] };
}

/** An installed tool, run by this very Node whatever the PATH says. */
function tool(name: string, entry: string, ...args: string[]): Step {
  return { name, command: node, args: [`node_modules/${entry}`, ...args] };
}

/** What was checked before is remembered, so that a second run looks only at what changed. */
function typeOptions(environment: string): string[] {
  return ['--pretty', 'false', '--incremental', '--tsBuildInfoFile', `dist/types/${environment}.tsbuildinfo`];
}

/** Top-level folders of source that exist today. */
function sourceFolders(): string[] {
  return ['shared', 'agent', 'main', 'preload', 'renderer', 'e2e', 'build'].filter((folder) => existsSync(folder));
}

/** All steps of `npm run check`, slowest first so that two at a time end together. */
export function checkSteps(): Step[] {
  const types = ['node', 'pure', 'web', 'worker', 'preload', 'web-tests', 'in-browser'].map((environment) =>
    tool(
      `types: ${environment}`,
      'typescript7/bin/tsc',
      '-p',
      `tsconfig/${environment}.json`,
      ...typeOptions(environment),
    ),
  );
  return [
    ...types,
    tool(
      'import rules',
      'dependency-cruiser/bin/dependency-cruiser.mjs',
      '--config',
      'build/dependency-rules.mjs',
      '--output-type',
      'err-long',
      ...sourceFolders(),
    ),
    tool('dead code', 'knip/bin/knip.js', '--config', 'build/knip.json', '--no-progress'),
    own('walls of the environments', 'build/checks/type-walls.ts'),
    own('docstrings', 'build/checks/docstrings.ts'),
    tool(
      'format and lint',
      '@biomejs/biome/bin/biome',
      'ci',
      '--error-on-warnings',
      '--colors=off',
      '--max-diagnostics=40',
      '.',
    ),
    { ...own('first load', 'build/checks/first-load.ts'), tells: true },
    own('tree rules', 'build/checks/tree-rules.ts'),
    own('paths in documents', 'build/checks/paths-in-docs.ts'),
    own('each dependency has its reason', 'build/checks/dependency-reasons.ts'),
    own('each guardrail has its test', 'build/checks/guardrail-tests.ts'),
    own('rules and claims have their tests', 'build/checks/named-tests.ts'),
    own('lock file', 'build/checks/lock-file.ts'),
    own('generated documents are fresh', 'build/docs.ts', '--check'),
    ...(existsSync('build/catalog-lint.ts') ? [own('catalogue', 'build/catalog-lint.ts')] : []),
  ];
}
