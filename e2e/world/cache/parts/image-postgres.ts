import { chmodSync, chownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Package, packageLists } from '../apt.ts';
import { isLibrary, unpackClosure, upstreamVersion } from '../unpack.ts';
import { addProgram, baseRoot, busyboxBase, imagePart, writeAccounts } from './image.ts';

const taken = ['postgresql-18', 'postgresql-client-18', 'bash', 'gosu', 'tzdata'];
const id = 999;

/** `postgres:18` with the public image's user, port, variables, volume and data folder. */
export const postgresImage = imagePart({
  id: 'postgres',
  version: '18-3',
  needs: [packageLists, busyboxBase],
  names: ['library/postgres:18'],
  config: {
    Entrypoint: ['docker-entrypoint.sh'],
    Cmd: ['postgres'],
    Env: [
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/18/bin',
      // The public image has en_US.utf8 built in; glibc's own UTF-8 locale sorts by code point and is enough here.
      'LANG=C.UTF-8',
      'PG_MAJOR=18',
      'PGDATA=/var/lib/postgresql/18/docker',
    ],
    Volumes: { '/var/lib/postgresql': {} },
    ExposedPorts: { '5432/tcp': {} },
    StopSignal: 'SIGINT',
  },
  layers: async (work, note) => {
    const root = join(work, 'root');
    const isTaken = (p: Package) => taken.includes(p.name) || isLibrary(p);
    const packages = await unpackClosure('image-postgres', taken, root, isTaken);
    note(`postgresql ${upstreamVersion(packages, 'postgresql-18')}`);
    writeAccounts(root, [{ name: 'postgres', id, home: '/var/lib/postgresql' }]);
    const sample = join(root, 'usr/share/postgresql/18/postgresql.conf.sample');
    writeFileSync(sample, `${readFileSync(sample, 'utf8')}\nlisten_addresses = '*'\n`);
    for (const d of ['var/lib/postgresql', 'var/run/postgresql', 'docker-entrypoint-initdb.d'])
      mkdirSync(join(root, d), { recursive: true });
    for (const d of ['var/lib/postgresql', 'var/run/postgresql']) chownSync(join(root, d), id, id);
    chmodSync(join(root, 'var/run/postgresql'), 0o3777);
    addProgram('postgres/docker-entrypoint.sh', join(root, 'usr/local/bin/docker-entrypoint.sh'));
    symlinkSync('/usr/local/bin/docker-entrypoint.sh', join(root, 'docker-entrypoint.sh'));
    return [baseRoot(), root];
  },
});
