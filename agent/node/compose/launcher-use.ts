import type { PreparedImage } from './prepared.ts';

/** Where the launcher and the values it reads stand inside containers. */
export const LAUNCHER_PATH = '/.overseer/launch';
/** The file of one variable's value inside the container. */
export const launcherEnvPath = (name: string): string => `/.overseer/env/${name}`;

type Service = Readonly<Record<string, unknown>>;

/** The parts of a service that start its program, rewritten so that the launcher sets `names` first. */
export function withLauncher(
  service: Service,
  names: readonly string[],
  image: PreparedImage['info'],
): Record<string, unknown> {
  const ownEntrypoint = wordsOf(service.entrypoint);
  const entrypoint = ownEntrypoint ?? escaped(image.Config.Entrypoint);
  const command = wordsOf(service.command) ?? (ownEntrypoint ? [] : escaped(image.Config.Cmd));
  const launch = [LAUNCHER_PATH, ...names.flatMap((name) => ['--env', `${name}=${launcherEnvPath(name)}`]), '--'];
  const healthcheck = healthThrough(service.healthcheck, image, launch);
  return {
    entrypoint: [...launch, ...entrypoint],
    ...(command.length > 0 ? { command } : { command: null }),
    ...(healthcheck ? { healthcheck } : {}),
  };
}

/** Health commands run through the launcher too: many ask with the password that only it can give them. */
function healthThrough(
  value: unknown,
  image: PreparedImage['info'],
  launch: readonly string[],
): Record<string, unknown> | undefined {
  const own = (value ?? {}) as Record<string, unknown>;
  if (own.disable === true) return undefined;
  const config = image.Config as { Healthcheck?: { Test?: string[] }; Shell?: string[] };
  const test = wordsOf(own.test) ?? escaped(config.Healthcheck?.Test);
  const [kind, ...rest] = test;
  if (kind === 'CMD') return { ...own, test: ['CMD', ...launch, ...rest] };
  if (kind !== 'CMD-SHELL') return undefined;
  const shell = escaped(config.Shell);
  return { ...own, test: ['CMD', ...launch, ...(shell.length > 0 ? shell : ['/bin/sh', '-c']), ...rest] };
}

function wordsOf(value: unknown): string[] | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : undefined;
}

/** Words of an image are exact; in a model a dollar begins a variable unless it is doubled. */
function escaped(words: string | readonly string[] | null | undefined): string[] {
  const list = typeof words === 'string' ? [words] : (words ?? []);
  return list.map((word) => word.replaceAll('$', '$$$$'));
}
