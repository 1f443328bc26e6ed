import { join } from 'node:path';
import { packageLists } from '../apt.ts';
import { LabError } from '../lab-error.ts';
import { unpackClosure, upstreamVersion } from '../unpack.ts';
import { baseRoot, busyboxBase, imagePart } from './image.ts';

const version = '2.3.4';

/** `miniflux/miniflux:2.3.4` with the public image's user, port, variables and health command. */
export const minifluxImage = imagePart({
  id: 'miniflux',
  version: `${version}-1`,
  needs: [packageLists, busyboxBase],
  names: [`miniflux/miniflux:${version}`],
  config: {
    Cmd: ['/usr/bin/miniflux'],
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LISTEN_ADDR=0.0.0.0:8080'],
    User: '65534',
    ExposedPorts: { '8080/tcp': {} },
  },
  layers: async (work) => {
    const root = join(work, 'root');
    const taken = ['miniflux', 'libc6', 'tzdata'];
    const packages = await unpackClosure('image-miniflux', taken, root, (p) => taken.includes(p.name));
    const has = upstreamVersion(packages, 'miniflux');
    if (has !== version) {
      throw new LabError(
        'image-miniflux',
        `Debian sid has ${has}, the lab wants ${version}`,
        'raise the version here and in the catalogue',
      );
    }
    return [baseRoot(), root];
  },
});
