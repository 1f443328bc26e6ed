import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

/** The launcher for one architecture: the static binary's exact bytes and their SHA-256 (lower-case hex). */
export interface Launcher {
  bytes: Uint8Array;
  sha256: string;
}

const MANIFEST = 'launcher.json';

/**
 * The pinned launcher for an engine's architecture, as Docker (`x86_64`, `aarch64`, `amd64`, `arm64`) or Node (`x64`)
 * names it. Read from beside the bundled program (`launcher.json`, `launcher-<arch>.gz`), else from the source tree.
 * Errors: `launcher.unsupported-arch`, `launcher.missing`, `launcher.altered`.
 */
export function launcherFor(arch: string, folders: string[] = defaultFolders()): Result<Launcher> {
  const known = archOf(arch);
  if (!known)
    return err(
      fault(
        'launcher.unsupported-arch',
        'permanent',
        `There is no launcher for ${arch}; it exists for amd64 and arm64.`,
        'Run this app on an amd64 or arm64 node, or use an image that reads its secrets from files.',
      ),
    );
  const folder = folders.find((candidate) => existsSync(join(candidate, MANIFEST)));
  if (folder === undefined || !existsSync(join(folder, `launcher-${known}.gz`)))
    return err(
      fault(
        'launcher.missing',
        'permanent',
        `The launcher for ${known} is not among the installed files of Overseer.`,
        'Install Overseer again: its package is incomplete.',
      ),
    );
  const manifest = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as { sha256: Record<string, string> };
  const bytes = gunzipSync(readFileSync(join(folder, `launcher-${known}.gz`)));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === manifest.sha256[known]) return ok({ bytes, sha256 });
  return err(
    fault(
      'launcher.altered',
      'permanent',
      `The launcher for ${known} has SHA-256 ${sha256}, pinned is ${manifest.sha256[known]}.`,
      'Install Overseer again, and find out who changed its files.',
    ),
  );
}

function archOf(arch: string): 'amd64' | 'arm64' | undefined {
  if (arch === 'amd64' || arch === 'x86_64' || arch === 'x64') return 'amd64';
  return arch === 'arm64' || arch === 'aarch64' ? 'arm64' : undefined;
}

function defaultFolders(): string[] {
  const here = dirname(fileURLToPath(import.meta.url));
  return [here, join(here, '../../build/launcher')];
}
