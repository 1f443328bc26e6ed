import type { AppBody } from '#shared/domain/apps/index.ts';
import { stackPath } from '#shared/domain/policies/index.ts';
import { err, fault, ok, type Result, sha256Hex } from '#shared/kernel/index.ts';
import type { StackFile } from '../files/stack-files.ts';

/** Fetches the files of a stack and holds each to its hash and its path. Errors: `release.bad-path`, `release.object-missing`. */
export async function loadStackFiles(
  body: AppBody,
  object: (hash: string) => Promise<Uint8Array | undefined>,
): Promise<Result<StackFile[]>> {
  const files: StackFile[] = [];
  for (const { path, sha256, mode } of body.files) {
    if (stackPath(path) !== path || files.some((file) => clash(file.path, path))) return err(badPath(path));
    const bytes = await object(sha256);
    if (!bytes || sha256Hex(bytes) !== sha256) return err(missing(path, sha256));
    files.push({ path, bytes, mode: mode & 0o555 });
  }
  return ok(files);
}

function clash(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

function badPath(path: string) {
  return fault(
    'release.bad-path',
    'permanent',
    `The release names a file ${JSON.stringify(path)}, which is not a plain relative path of its own.`,
    'Name each file once, by a path without "..".',
    { field: 'files' },
  );
}

function missing(path: string, hash: string) {
  return fault(
    'release.object-missing',
    'transient',
    `The bytes of file ${path} (${hash.slice(0, 12)}) did not arrive.`,
    'Deploy again from the device that has the file.',
    { field: 'files' },
  );
}
