import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageLists } from '../apt.ts';
import { type ImageConfig, writeImage } from '../oci.ts';
import { type Part, partFolder } from '../part.ts';
import { run } from '../run.ts';
import { makeMergedRoot, unpackClosure } from '../unpack.ts';
import { writeCaBundle } from './finish-root.ts';

/** Files that images are made of and that are our own: entry points, the test server's source. */
export const imageSource = (path: string): string => fileURLToPath(new URL(`../../images/${path}`, import.meta.url));

/** busybox, the public authorities and the folders every image has; shared as the lowest layer. */
export const busyboxBase: Part = {
  id: 'busybox-base',
  version: '1',
  needs: [packageLists],
  check: 'root/usr/bin/busybox',
  make: async (into) => {
    const root = join(into, 'root');
    const unpacked = join(into, 'unpacked');
    const wanted = ['busybox-static', 'ca-certificates'];
    await unpackClosure('busybox-base', wanted, unpacked, (p) => wanted.includes(p.name));
    makeMergedRoot(root);
    cpSync(join(unpacked, 'usr/bin/busybox'), join(root, 'usr/bin/busybox'));
    const applets = await run([join(root, 'usr/bin/busybox'), '--list'], { part: 'busybox-base' });
    for (const applet of applets.trim().split('\n')) {
      if (applet !== 'busybox') symlinkSync('busybox', join(root, 'usr/bin', applet));
    }
    for (const d of ['etc', 'root', 'proc', 'sys', 'dev', 'run', 'var', 'home']) mkdirSync(join(root, d));
    for (const d of ['tmp', 'var/tmp']) {
      mkdirSync(join(root, d), { recursive: true });
      chmodSync(join(root, d), 0o1777);
    }
    writeCaBundle(unpacked);
    cpSync(join(unpacked, 'etc/ssl'), join(root, 'etc/ssl'), { recursive: true });
    writeAccounts(root, []);
    writeFileSync(join(root, 'etc/nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
    rmSync(unpacked, { recursive: true });
  },
};

export type Account = { name: string; id: number; home: string };

/** /etc/passwd and /etc/group of an image. */
export function writeAccounts(root: string, accounts: readonly Account[]): void {
  const all: Account[] = [
    { name: 'root', id: 0, home: '/root' },
    ...accounts,
    { name: 'nobody', id: 65534, home: '/' },
  ];
  mkdirSync(join(root, 'etc'), { recursive: true });
  writeFileSync(join(root, 'etc/passwd'), all.map((a) => `${a.name}:x:${a.id}:${a.id}::${a.home}:/bin/sh\n`).join(''));
  writeFileSync(join(root, 'etc/group'), all.map((a) => `${a.name}:x:${a.id}:\n`).join(''));
}

export const baseRoot = (): string => join(partFolder(busyboxBase), 'root');

export type ImageRecipe = {
  id: string;
  version: string;
  needs: readonly Part[];
  /** Repository paths as the registry sees them: `library/redis:8`. */
  names: readonly string[];
  config: ImageConfig;
  /** Fills `work` and returns the folders that become the layers, lowest first. */
  layers: (work: string, note: (text: string) => void) => Promise<readonly string[]>;
};

/** A part that holds one image, ready to be put into the registry. */
export function imagePart(recipe: ImageRecipe): Part {
  const id = `image-${recipe.id}`;
  return {
    id,
    version: recipe.version,
    needs: recipe.needs,
    check: 'image.json',
    make: async (into, note) => {
      const work = join(into, 'work');
      mkdirSync(work);
      await writeImage(id, into, recipe.names, await recipe.layers(work, note), recipe.config);
      rmSync(work, { recursive: true });
    },
  };
}

/** Copies one of our own files into an image as a program. */
export function addProgram(source: string, target: string): void {
  mkdirSync(join(target, '..'), { recursive: true });
  cpSync(imageSource(source), target);
  chmodSync(target, 0o755);
}
