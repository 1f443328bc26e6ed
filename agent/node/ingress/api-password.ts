import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTextIfPresent, writeDurableFile } from '#shared/node/durable-file.ts';

/** The node's password for Traefik's API: 256 random bits, made once, never leaving this node. */
export function loadApiPassword(dataDir: string): string {
  const path = join(dataDir, 'ingress', 'api-password');
  const present = readTextIfPresent(path);
  if (present !== undefined && present.length >= 43) return present;
  mkdirSync(join(dataDir, 'ingress'), { recursive: true, mode: 0o700 });
  const password = randomBytes(32).toString('base64url');
  writeDurableFile(path, password, 0o600);
  return password;
}

/** What Traefik gets to compare with. SHA-1 is enough for a password nobody can guess. */
export function apiPasswordHash(password: string): string {
  return createHash('sha1').update(password).digest('base64');
}
