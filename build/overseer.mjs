#!/usr/bin/env node
/** `overseer` from a checkout: runs the bundle, made first when it is missing. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { BootstrapError, ensurePackages, ensurePinnedNode, environmentFor, repositoryRoot } from './bootstrap.mjs';

const bundle = join(repositoryRoot, 'dist/overseer/overseer.mjs');
try {
  const node = ensurePinnedNode();
  if (!existsSync(bundle)) {
    ensurePackages(node);
    const made = spawnSync(node, [join(repositoryRoot, 'build/bundle.ts')], {
      cwd: repositoryRoot,
      env: environmentFor(node),
      stdio: ['ignore', 2, 2],
    });
    if (made.status !== 0) throw new BootstrapError('the program could not be built; see above.');
  }
  const child = spawn(node, [bundle, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // Ctrl-C reaches the child by the terminal; this process only waits for its end.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
} catch (error) {
  if (!(error instanceof BootstrapError)) throw error;
  console.error(`overseer: ${error.message}`);
  process.exit(1);
}
