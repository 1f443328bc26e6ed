import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Part, partFolder } from '../part.ts';
import { addToRegistry } from '../registry-storage.ts';
import { minifluxImage } from './image-miniflux.ts';
import { postgresImage } from './image-postgres.ts';
import { redisImage } from './image-redis.ts';
import { busyboxImage, traefikImage } from './image-small.ts';
import { webImages } from './image-web.ts';

const images: readonly Part[] = [traefikImage, busyboxImage, postgresImage, redisImage, minifluxImage, ...webImages];

/** The registry's storage with all images under their usual names: `data/` in the part's folder. */
export const registryData: Part = {
  id: 'registry',
  version: createHash('sha256')
    .update(images.map((i) => `${i.id}-${i.version}`).join())
    .digest('hex')
    .slice(0, 12),
  needs: images,
  check: 'data/docker',
  make: async (into) => {
    for (const image of images) addToRegistry(join(into, 'data'), partFolder(image));
  },
};
