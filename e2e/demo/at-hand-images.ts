import { readFileSync } from 'node:fs';
import type { DockerCli } from './at-hand-engine.ts';
import { BROKEN_IMAGE } from './broken-version.ts';

export const INGRESS_IMAGE = 'traefik:v3.7';

const PULL_TIMEOUT_MS = 900_000;

/** The public images of the demo. */
export function demoImages(): string[] {
  const compose = readFileSync(new URL('../../catalog/miniflux/compose.yaml', import.meta.url), 'utf8');
  return [INGRESS_IMAGE, ...[...compose.matchAll(/image: (\S+)/g)].map((match) => match[1] ?? ''), BROKEN_IMAGE];
}

/** What the names meant before the demo; null where the engine did not know one. */
export type ImageNames = ReadonlyMap<string, string | null>;

export async function readImageNames(docker: DockerCli): Promise<ImageNames> {
  const names = new Map<string, string | null>();
  for (const image of demoImages()) {
    const id = await docker(['image', 'inspect', '--format', '{{.Id}}', image]).catch(() => null);
    names.set(image, id === null ? null : id.trim());
  }
  return names;
}

/** Pulls what the demo needs, so that a slow line is no failed deploy. Gives the names that were new here. */
export async function pullImages(docker: DockerCli, before: ImageNames): Promise<string[]> {
  for (const image of before.keys()) {
    await docker(['pull', '--quiet', image], PULL_TIMEOUT_MS).catch((cause: Error) => {
      // An older copy does for the demo; without one there is nothing to run.
      if (before.get(image) === null)
        throw new Error(`${cause.message}\nThe engine must reach a registry for ${image}; \`--lab\` needs none.`);
    });
  }
  return [...before].filter(([, id]) => id === null).map(([image]) => image);
}

/** Gives names back their former meaning where a pull brought a newer image. */
export async function restoreImageNames(docker: DockerCli, before: ImageNames): Promise<void> {
  const now = await readImageNames(docker);
  for (const [image, id] of before) if (id !== null && now.get(image) !== id) await docker(['tag', id, image]);
}
