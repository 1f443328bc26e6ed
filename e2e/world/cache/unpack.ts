import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type DebianSuite, downloadClosure, type Package } from './apt.ts';
import { run } from './run.ts';

/** Since Debian 13 these are links in every system; made first so that unpacking follows them. */
const mergedFolders = { bin: 'usr/bin', sbin: 'usr/sbin', lib: 'usr/lib', lib64: 'usr/lib64' };

/** An empty root with Debian's merged folders. */
export function makeMergedRoot(root: string): void {
  for (const [link, target] of Object.entries(mergedFolders)) {
    mkdirSync(join(root, target), { recursive: true });
    symlinkSync(target, join(root, link));
  }
}

/**
 * Unpacks `names` and what they depend on into `root`, without installing: no package script runs. `keep` says which
 * packages of the closure are taken. Returns what was unpacked.
 */
export async function unpackClosure(
  part: string,
  names: readonly string[],
  root: string,
  keep: (p: Package) => boolean = () => true,
  suite: DebianSuite = 'sid',
): Promise<Package[]> {
  const apt = `${root}.apt`;
  rmSync(apt, { recursive: true, force: true });
  try {
    const taken = (await downloadClosure(part, names, apt, suite)).filter(keep);
    makeMergedRoot(root);
    for (const p of taken) {
      // A tar of our own, not dpkg -x: dpkg would replace the links above where a package names /lib as a folder.
      await run(
        ['sh', '-c', 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"', 'sh', p.file, root],
        {
          part,
        },
      );
    }
    return taken;
  } finally {
    rmSync(apt, { recursive: true, force: true });
  }
}

/** The installed version of a package that `unpackClosure` returned, without Debian's own suffix. */
export function upstreamVersion(packages: readonly Package[], name: string): string {
  const full = packages.find((p) => p.name === name)?.version ?? '';
  return full.replace(/^\d+:/, '').replace(/[-+~].*$/, '');
}

/** What an image of one program takes of a closure besides the program: shared libraries, not Perl nor the installer. */
export const isLibrary = (p: Package): boolean =>
  (p.name.startsWith('lib') && !p.name.startsWith('libperl')) || p.name === 'zlib1g';
