/**
 * The one door to every task: `node build/run.mjs TASK [-- ARGUMENTS]`. Any Node from 18 on may start it; the task
 * itself always runs under the pinned Node with the packages of the lock file.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { BootstrapError, ensurePackages, ensurePinnedNode, environmentFor, repositoryRoot } from './bootstrap.mjs';

const tasks = {
  check: 'build/check.ts',
  test: 'build/test.ts',
  bundle: 'build/bundle.ts',
  docs: 'build/docs.ts',
  demo: 'e2e/demo/main.ts',
  screens: 'e2e/screens-shots/main.ts',
  bench: 'e2e/bench/main.ts',
  attacks: 'e2e/attacks/main.ts',
  faults: 'e2e/faults/main.ts',
  dev: 'build/dev.ts',
  preview: 'build/preview.ts',
  icons: 'build/icons.ts',
  'verify-bare': 'build/verify-bare.ts',
};

main(process.argv.slice(2));

function main([task, ...rest]) {
  const file = Object.hasOwn(tasks, task ?? '') ? tasks[task] : undefined;
  const known = Object.keys(tasks).filter((name) => existsSync(join(repositoryRoot, tasks[name])));
  if (!file || !known.includes(task)) {
    console.error(`${task ? `There is no task "${task}".` : 'Say which task.'} Known tasks: ${known.join(', ')}.`);
    process.exit(2);
  }
  try {
    const node = ensurePinnedNode();
    ensurePackages(node);
    run(node, file, rest[0] === '--' ? rest.slice(1) : rest);
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    console.error(`Cannot start "${task}": ${error.message}`);
    process.exit(1);
  }
}

function run(node, file, args) {
  const child = spawn(node, [join(repositoryRoot, file), ...args], {
    cwd: repositoryRoot,
    env: environmentFor(node),
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the whole group already; a second one would mean "now, at once".
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on('error', (error) => {
    console.error(`Cannot start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
