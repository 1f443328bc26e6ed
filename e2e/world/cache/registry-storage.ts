import { existsSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readImage } from './oci.ts';

/**
 * Puts images into the storage folder of Docker's registry, in the layout that its filesystem driver reads. Blobs are
 * hard links, so the registry costs no second copy.
 */
export function addToRegistry(storage: string, imageFolder: string): void {
  const image = readImage(imageFolder);
  const v2 = join(storage, 'docker/registry/v2');
  for (const { digest } of [image.manifest, ...image.blobs]) {
    const hex = digest.slice('sha256:'.length);
    const data = join(v2, 'blobs/sha256', hex.slice(0, 2), hex, 'data');
    mkdirSync(dirname(data), { recursive: true });
    if (!existsSync(data)) linkSync(join(imageFolder, 'blobs', hex), data);
  }
  for (const name of image.names) {
    const [repository = '', tag = ''] = name.split(':');
    const home = join(v2, 'repositories', repository);
    for (const blob of image.blobs) writeLink(join(home, '_layers', blob.digest.replace(':', '/')), blob.digest);
    const digest = image.manifest.digest;
    const revision = digest.replace(':', '/');
    writeLink(join(home, '_manifests/revisions', revision), digest);
    writeLink(join(home, '_manifests/tags', tag, 'current'), digest);
    writeLink(join(home, '_manifests/tags', tag, 'index', revision), digest);
  }
}

function writeLink(folder: string, digest: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'link'), digest);
}
