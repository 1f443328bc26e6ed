#!/usr/bin/env node
/**
 * The one program. It loads only the part that was asked for: a node on a small board never pays for the core's
 * libraries, and `overseer --help` answers at once.
 */
const [area, ...rest] = process.argv.slice(2);

process.exitCode = await dispatch();

async function dispatch(): Promise<number> {
  if (area === 'core') return (await import('./core/main.ts')).runCore(rest);
  if (area === 'node') return (await import('./node/main.ts')).runNode(rest);
  return (await import('./cli/main.ts')).runCli(process.argv.slice(2));
}
