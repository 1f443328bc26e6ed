import type { ReleaseBody } from '#shared/domain/apps/index.ts';

/** Hashes of the objects that a body names: its files and the sealed copies of its secrets. */
export function neededObjects(body: ReleaseBody): string[] {
  const secrets = body.secrets.map((secret) => secret.sha256);
  const files = body.kind === 'app' ? body.files.map((file) => file.sha256) : [];
  return [...new Set([...secrets, ...files])];
}
