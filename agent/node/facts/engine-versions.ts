import { execFile } from 'node:child_process';
import { get } from 'node:http';

export interface EngineVersions {
  readonly docker: string | null;
  readonly compose: string | null;
}

const ENGINE_TIMEOUT_MS = 1_500;
const COMPOSE_TIMEOUT_MS = 10_000;

/**
 * Reads the versions of engine and Compose. The engine is asked each time (one small request tells that it lives);
 * Compose only again when the engine came back, since it is a program of tens of megabytes to start.
 */
export function createEngineVersions(about: { socketPath: string; composeBin: string }): () => Promise<EngineVersions> {
  let known: EngineVersions = { docker: null, compose: null };
  return async () => {
    const docker = await readEngineVersion(about.socketPath);
    const sameEngine = docker !== null && docker === known.docker && known.compose !== null;
    known = { docker, compose: sameEngine ? known.compose : await readComposeVersion(about.composeBin) };
    return known;
  };
}

/** Version of the engine behind a UNIX socket, or null when it does not answer. */
export function readEngineVersion(socketPath: string): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get({ socketPath, path: '/version', timeout: ENGINE_TIMEOUT_MS, headers: { host: 'docker' } });
    request.on('error', () => resolve(null));
    request.on('timeout', () => request.destroy());
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', () => resolve(null));
      response.on('end', () => resolve(versionIn(text)));
    });
  });
}

function versionIn(text: string): string | null {
  try {
    const version = (JSON.parse(text) as { Version?: unknown }).Version;
    return typeof version === 'string' ? version.slice(0, 64) : null;
  } catch {
    return null;
  }
}

function readComposeVersion(composeBin: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(composeBin, ['version', '--short'], { timeout: COMPOSE_TIMEOUT_MS, env: {} }, (error, stdout) => {
      const version = stdout.trim().replace(/^v/, '');
      resolve(error === null && /^\d/.test(version) ? version.slice(0, 64) : null);
    });
  });
}
