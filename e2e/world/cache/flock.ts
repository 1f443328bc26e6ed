import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { LabError } from './lab-error.ts';

export type Lock = { release: () => void };

/**
 * Takes the kernel's exclusive lock on `path`, waiting for as long as another process holds it.
 * A small child holds it while its standard input is open: when this process ends in any way, kill -9 included,
 * the pipe closes, the child ends and the lock is free. No stale lock can stay behind.
 */
export function takeLock(path: string, onWait?: () => void): Promise<Lock> {
  mkdirSync(dirname(path), { recursive: true });
  return new Promise((resolve, reject) => {
    const child = spawn('flock', ['-x', path, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const waiting = setTimeout(() => onWait?.(), 500);
    child.stdout.once('data', () => {
      clearTimeout(waiting);
      child.unref();
      resolve({ release: () => child.stdin.end() });
    });
    child.once('error', (e) => {
      clearTimeout(waiting);
      reject(new LabError('lock', `cannot run flock: ${e.message}`, 'install util-linux'));
    });
    child.once('exit', (code) => {
      clearTimeout(waiting);
      reject(new LabError('lock', `flock on ${path} ended with ${code}`, 'see whether the folder can be written'));
    });
  });
}

/** Runs `work` while holding the lock on `path`. */
export async function withLock<T>(path: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  const lock = await takeLock(path, onWait);
  try {
    return await work();
  } finally {
    lock.release();
  }
}
