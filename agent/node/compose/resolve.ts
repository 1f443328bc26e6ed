import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ResolvedModel } from '#shared/domain/policies/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { composeMessage, runCompose } from './run-compose.ts';
import type { Walls } from './walls.ts';

/** A model that Compose resolved, and the folder in which it did, as it stands in absolute paths of the model. */
export interface Resolved {
  readonly model: ResolvedModel;
  readonly stackRoot: string;
}

/** What Compose needs to resolve a stack. */
export interface ResolveRequest {
  readonly compose: string;
  readonly env: Readonly<Record<string, string>>;
  /** Relative path to exact bytes, already checked to lie inside the stack. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly project: string;
}

/** Names that would change Compose or its runtime instead of the app. */
const RESERVED =
  /^(COMPOSE_|DOCKER_|BUILDKIT_|BUILDX_|OTEL_|GO|LD_|SSL_|XDG_|GIT_|SSH_)|_PROXY$|^(PATH|HOME|TMPDIR|PWD)$/i;

const TIMEOUT_MS = 20_000;

/**
 * Gate 2: lets Compose resolve the judged text in a folder of its own, with no environment but the app's variables, no
 * network and limits. Errors: `compose.reserved-variable`, `compose.invalid`, `compose.timeout`, `compose.absent`.
 */
export async function resolveCompose(
  request: ResolveRequest,
  tools: { composeBin: string; runDir: string; walls: Walls },
): Promise<Result<Resolved>> {
  const reserved = Object.keys(request.env).find((name) => RESERVED.test(name));
  if (reserved !== undefined) return err(reservedVariable(reserved));
  mkdirSync(join(tools.runDir, 'gates'), { recursive: true, mode: 0o700 });
  const folder = realpathSync(mkdtempSync(join(tools.runDir, 'gates', 'stack-')));
  const home = `${folder}.home`;
  try {
    mkdirSync(home, { mode: 0o700 });
    for (const [path, bytes] of request.files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes, { mode: 0o600, flag: 'wx' });
    }
    const run = await runCompose(tools.composeBin, {
      args: ['-p', request.project, '--project-directory', folder, '-f', '-', 'config', '--format', 'json'],
      cwd: folder,
      env: { ...request.env, HOME: home, DOCKER_HOST: 'unix:///nonexistent.sock' },
      input: request.compose,
      timeoutMs: TIMEOUT_MS,
      wrapper: [...tools.walls.leash, ...tools.walls.wrapper],
    });
    if (run.isTimedOut) return err(tooSlow());
    if (run.code !== 0) return err(notValid(composeMessage(run.stderr).replaceAll(`${folder}/`, './')));
    return ok({ model: JSON.parse(run.stdout) as ResolvedModel, stackRoot: folder });
  } catch (cause) {
    return err(couldNotRun(tools.composeBin, cause));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
  }
}

function reservedVariable(name: string) {
  return fault(
    'compose.reserved-variable',
    'permanent',
    `The variable ${name} would change Compose itself, not the app.`,
    'Give the variable another name in the Compose file and in the app’s variables.',
    { field: `env.${name}` },
  );
}

function tooSlow() {
  return fault(
    'compose.timeout',
    'permanent',
    `Compose did not resolve the file within ${TIMEOUT_MS / 1000} seconds.`,
    'Make the file simpler: fewer anchors and variables.',
    { field: 'compose' },
  );
}

function notValid(message: string) {
  return fault(
    'compose.invalid',
    'permanent',
    `Compose refuses the file: ${message}`,
    'Correct the file and plan again; `docker compose config` says the same on your machine.',
    { field: 'compose' },
  );
}

function couldNotRun(bin: string, cause: unknown) {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  if (code === 'ENOSPC')
    return fault(
      'node.disk-full',
      'transient',
      'The node’s disk is full: the stack could not be laid out to be read.',
      'Free space on the node, then retry the job.',
    );
  return fault(
    'compose.absent',
    'permanent',
    `Compose could not be run as ${bin} (${code}).`,
    'Install the Docker Compose plugin, version 2.20 or newer, on the node.',
  );
}
