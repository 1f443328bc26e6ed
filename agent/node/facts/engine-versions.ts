import { execFile } from 'node:child_process';
import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface EngineVersions {
  readonly docker: string | null;
  readonly compose: string | null;
}

const ENGINE_TIMEOUT_MS = 1_500;
const COMPOSE_TIMEOUT_MS = 10_000;

/** A heartbeat does not wait longer than this for Compose; the next one has the answer. */
const COMPOSE_WAIT_MS = 400;
/** Where Compose could not be read it is tried again after this time: it is a program of tens of megabytes to start. */
const COMPOSE_RETRY_MS = 60_000;

/**
 * Reads the versions of engine and Compose. The engine is asked each time (one small request tells that it lives);
 * Compose only when the engine came back or changed.
 */
export function createEngineVersions(about: {
  socketPath: string;
  composeBin: string;
  nowMs?: () => number;
}): () => Promise<EngineVersions> {
  const nowMs = about.nowMs ?? (() => performance.now());
  let engine: string | null | undefined;
  let compose: string | null = null;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const refresh = async (): Promise<void> => {
    compose = await readComposeVersion(about.composeBin);
    readAtMs = nowMs();
    reading = undefined;
  };
  return async () => {
    const docker = await readEngineVersion(about.socketPath);
    const cameBack = docker !== null && docker !== engine;
    const retry = compose === null && nowMs() - readAtMs > COMPOSE_RETRY_MS;
    engine = docker;
    if (cameBack || retry) reading ??= refresh();
    if (reading && compose === null) await Promise.race([reading, delay(COMPOSE_WAIT_MS, undefined, { ref: false })]);
    return { docker, compose };
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
