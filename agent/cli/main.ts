import { type Fault, FaultError, fault, isFault, systemClock, systemRandom } from '#shared/kernel/index.ts';
import { diskFault } from '#shared/node/device-store/disk-fault.ts';
import { createContext } from './context.ts';
import { homeFromEnvironment } from './device/home.ts';
import { EXIT, faultToExitCode } from './exit-code.ts';
import { faultInFlags } from './fault-in-flags.ts';
import { createOutput } from './output/output.ts';
import { createStyle } from './output/style.ts';
import { parseCommandLine } from './program.ts';

/** Runs one CLI command and gives its exit code (docs/cli.md lists them). */
export async function runCli(argv: readonly string[]): Promise<number> {
  const { stdout, stderr, stdin, env } = process;
  // Whatever this program writes is its user's alone.
  process.umask(0o077);
  const line = parseCommandLine(argv, { out: (text) => stdout.write(text), err: (text) => stderr.write(text) });
  const json = 'verb' in line ? line.json : argv.includes('--json');
  const out = createOutput(
    { stdout, stderr },
    { json, style: createStyle(stdout.isTTY === true, env), errorStyle: createStyle(stderr.isTTY === true, env) },
  );
  if (!('verb' in line)) {
    if (line.usage !== null) out.fault(usageFault(line.usage));
    return line.exitCode;
  }
  const stop = new AbortController();
  const interrupt = (): void => {
    // A second Ctrl-C means "now, at once".
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  // `overseer apps logs x | head` ends quietly, as every Unix tool does.
  stdout.on('error', () => process.exit(EXIT.ok));
  try {
    const { run } = await line.verb.load();
    const context = createContext({
      terminal: { stdin, stderr, env },
      out,
      home: homeFromEnvironment(env),
      clock: systemClock,
      random: systemRandom,
      signal: stop.signal,
    });
    const result = await run(context, line.input);
    out.status(null);
    if (!result.ok) {
      out.fault(faultInFlags(result.error));
      return stop.signal.aborted ? EXIT.interrupted : faultToExitCode(result.error);
    }
    out.document(result.value.json);
    if (!line.json) result.value.print?.(out);
    return result.value.exitCode ?? EXIT.ok;
  } catch (error) {
    const reason = thrownToFault(error);
    out.fault(reason);
    return stop.signal.aborted ? EXIT.interrupted : faultToExitCode(reason);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function usageFault(text: string): Fault {
  const [first = '', ...rest] = text
    .replace(/^error: /, '')
    .trim()
    .split('\n');
  const meant = /\(Did you mean (.+)\?\)/.exec(rest.join(' '))?.[1];
  const next = meant === undefined ? 'See `overseer --help`.' : `Did you mean ${meant}? See \`overseer --help\`.`;
  return fault('cli.usage', 'permanent', first, next);
}

function thrownToFault(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault;
  if (isFault(error)) return error;
  const disk = diskFault(error);
  if (disk) return disk;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return fault('cli.bug', 'permanent', text, 'This is a defect of overseer; please report it with the lines above.');
}
