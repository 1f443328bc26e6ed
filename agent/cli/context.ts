import type { DeviceContext, Fleet } from '#shared/device/index.ts';
import { type Clock, err, fault, ok, type Random, type Result } from '#shared/kernel/index.ts';
import { systemTimers } from '#shared/node/timers.ts';
import { canAsk, createAskPassphrase, type Terminal } from './device/ask.ts';
import { type AskPassphrase, unlockDevice } from './device/device-keys.ts';
import type { Home } from './device/home.ts';
import { findKeyring, type Keyring } from './device/keyring.ts';
import type { Output } from './output/output.ts';

/** What a command gets: where to write, whom to ask, and its device's home. */
export interface CliContext extends DeviceContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly home: Home;
  readonly terminal: Terminal;
  readonly askPassphrase: AskPassphrase;
  readonly keyring: Keyring | undefined;
  /** Whether a person sits at the terminal and JSON was not asked for. */
  readonly canAsk: boolean;
}

/** Makes the context of one command run. */
export function createContext(about: {
  terminal: Terminal;
  out: Output;
  home: Home;
  clock: Clock;
  random: Random;
  signal: AbortSignal;
}): CliContext {
  return {
    ...about,
    timers: systemTimers,
    tell: about.out,
    env: about.terminal.env,
    askPassphrase: createAskPassphrase(about.terminal),
    keyring: about.terminal.env.OVERSEER_PASSPHRASE_FILE ? undefined : findKeyring(about.terminal.env),
    canAsk: canAsk(about.terminal) && !about.out.json,
  };
}

/** Whether this command runs for the holder of an API token: this computer is no device then, or not asked as one. */
export function isByToken({ env }: Pick<CliContext, 'env'>): boolean {
  return Boolean(env.OVERSEER_TOKEN || env.OVERSEER_TOKEN_FILE);
}

function deviceNeeded() {
  return fault(
    'cli.device-needed',
    'denied',
    'an API token can not do this: it reads and proposes',
    'Run it on a device of the fleet, without OVERSEER_TOKEN and OVERSEER_TOKEN_FILE.',
  );
}

/** Unlocks the device, opens its fleet, runs `work` and closes all again whatever happens. */
export async function withFleet<T>(
  context: CliContext,
  work: (fleet: Fleet) => Promise<Result<T>>,
): Promise<Result<T>> {
  // Not quietly as the device of whoever owns this computer: a pipeline that names a token means the token.
  if (isByToken(context)) return err(deviceNeeded());
  const device = await unlockDevice(context.home, context.askPassphrase, context.keyring);
  if (!device.ok) return device;
  // Loaded only now: a command that fails at the passphrase or needs no fleet should not pay for SQLite and Yjs.
  const { openHome } = await import('./fleet/open-home.ts');
  const fleet = await openHome(context, device.value);
  if (!fleet.ok) return fleet;
  try {
    return await work(fleet.value);
  } finally {
    await fleet.value.close();
  }
}

/** A finished command: the JSON document, and how to say it to a person. */
export interface Done {
  readonly json: unknown;
  readonly print?: (out: Output) => void;
  /** Other than 0 where the command did its work and the news is bad. */
  readonly exitCode?: number;
}

/** Wraps a finished command. */
export function done(json: unknown, print?: (out: Output) => void, exitCode?: number): Result<Done> {
  return ok({ json, ...(print ? { print } : {}), ...(exitCode === undefined ? {} : { exitCode }) });
}
