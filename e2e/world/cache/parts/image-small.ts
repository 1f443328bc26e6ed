import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { partFolder } from '../part.ts';
import { addProgram, baseRoot, busyboxBase, imagePart } from './image.ts';
import { traefik } from './traefik.ts';

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** `busybox:1.36` by name; Debian sid's static busybox may be newer. */
export const busyboxImage = imagePart({
  id: 'busybox',
  version: '1.36-1',
  needs: [busyboxBase],
  names: ['library/busybox:1.36'],
  config: { Cmd: ['sh'], Env: [path] },
  layers: async () => [baseRoot()],
});

/** `traefik:v3.7` with the public image's entry point. */
export const traefikImage = imagePart({
  id: 'traefik',
  version: '3.7.13-1',
  needs: [traefik, busyboxBase],
  names: ['library/traefik:v3.7', 'library/traefik:v3.7.13'],
  config: { Entrypoint: ['/entrypoint.sh'], Cmd: ['traefik'], Env: [path], ExposedPorts: { '80/tcp': {} } },
  layers: async (work) => {
    const root = join(work, 'root');
    mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
    cpSync(join(partFolder(traefik), 'traefik'), join(root, 'usr/local/bin/traefik'));
    addProgram('traefik/entrypoint.sh', join(root, 'entrypoint.sh'));
    return [baseRoot(), root];
  },
});
