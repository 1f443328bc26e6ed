import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageLists } from '../apt.ts';
import { isLibrary, unpackClosure, upstreamVersion } from '../unpack.ts';
import { addProgram, baseRoot, busyboxBase, imagePart, writeAccounts } from './image.ts';

const taken = ['redis-server', 'redis-tools', 'gosu'];
const id = 999;

/** `redis:8` with the public image's user, port, volume and entry point. */
export const redisImage = imagePart({
  id: 'redis',
  version: '8-3',
  needs: [packageLists, busyboxBase],
  names: ['library/redis:8'],
  config: {
    Entrypoint: ['docker-entrypoint.sh'],
    Cmd: ['redis-server'],
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    Volumes: { '/data': {} },
    WorkingDir: '/data',
    ExposedPorts: { '6379/tcp': {} },
  },
  layers: async (work, note) => {
    const root = join(work, 'root');
    const packages = await unpackClosure('image-redis', taken, root, (p) => taken.includes(p.name) || isLibrary(p));
    note(`redis ${upstreamVersion(packages, 'redis-server')}`);
    writeAccounts(root, [{ name: 'redis', id, home: '/data' }]);
    mkdirSync(join(root, 'data'));
    chownSync(join(root, 'data'), id, id);
    addProgram('redis/docker-entrypoint.sh', join(root, 'usr/local/bin/docker-entrypoint.sh'));
    return [baseRoot(), root];
  },
});
