import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';

/** What `docker inspect` shows below Config, as far as the lab's images set it. */
export type ImageConfig = {
  Env?: readonly string[];
  Entrypoint?: readonly string[];
  Cmd?: readonly string[];
  User?: string;
  WorkingDir?: string;
  Volumes?: Record<string, Record<string, never>>;
  ExposedPorts?: Record<string, Record<string, never>>;
  StopSignal?: string;
  /** Times in nanoseconds, as in the image format. */
  Healthcheck?: {
    Test: readonly string[];
    Interval?: number;
    Timeout?: number;
    Retries?: number;
    StartPeriod?: number;
  };
};

export type Descriptor = { mediaType: string; size: number; digest: string };
export type StoredImage = { names: readonly string[]; manifest: Descriptor; blobs: readonly Descriptor[] };

const media = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
};

/**
 * Writes an image without an engine: each folder of `layers` becomes one layer (owners and modes as they are on disk,
 * times fixed, so that the same content has the same digest), blobs go to `into/blobs/<hex>`, `into/image.json` tells
 * how they belong together.
 */
export async function writeImage(
  part: string,
  into: string,
  names: readonly string[],
  layers: readonly string[],
  config: ImageConfig,
): Promise<StoredImage> {
  const blobs = join(into, 'blobs');
  mkdirSync(blobs, { recursive: true });
  const written: { descriptor: Descriptor; diffId: string }[] = [];
  for (const folder of layers) written.push(await writeLayer(part, blobs, folder));
  const configBlob = writeJson(blobs, media.config, {
    architecture: 'amd64',
    os: 'linux',
    created: '2026-01-01T00:00:00Z',
    config,
    rootfs: { type: 'layers', diff_ids: written.map((l) => l.diffId) },
    history: written.map(() => ({ created: '2026-01-01T00:00:00Z', created_by: 'overseer lab' })),
  });
  const manifest = writeJson(blobs, media.manifest, {
    schemaVersion: 2,
    mediaType: media.manifest,
    config: configBlob,
    layers: written.map((l) => l.descriptor),
  });
  const image = { names, manifest, blobs: [configBlob, ...written.map((l) => l.descriptor)] };
  writeFileSync(join(into, 'image.json'), JSON.stringify(image, null, 2));
  return image;
}

export const readImage = (folder: string): StoredImage =>
  JSON.parse(readFileSync(join(folder, 'image.json'), 'utf8')) as StoredImage;

async function writeLayer(
  part: string,
  blobs: string,
  folder: string,
): Promise<{ descriptor: Descriptor; diffId: string }> {
  const tar = join(blobs, 'layer.tar');
  await run(['tar', '--sort=name', '--mtime=@0', '--numeric-owner', '--format=gnu', '-C', folder, '-cf', tar, '.'], {
    part,
  });
  const diffId = `sha256:${await sha256OfFile(tar)}`;
  await run(['gzip', '-n', '-1', '-f', tar], { part });
  const hex = await sha256OfFile(`${tar}.gz`);
  renameSync(`${tar}.gz`, join(blobs, hex));
  return {
    descriptor: { mediaType: media.layer, size: statSync(join(blobs, hex)).size, digest: `sha256:${hex}` },
    diffId,
  };
}

function writeJson(blobs: string, mediaType: string, value: unknown): Descriptor {
  const bytes = Buffer.from(JSON.stringify(value));
  const hex = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(blobs, hex), bytes);
  return { mediaType, size: bytes.length, digest: `sha256:${hex}` };
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
