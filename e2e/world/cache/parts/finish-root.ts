import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Does by hand what the packages' scripts would have done on installing. */
export function finishRoot(root: string): void {
  for (const name of ['passwd', 'group']) {
    copyFileSync(join(root, `usr/share/base-passwd/${name}.master`), join(root, `etc/${name}`));
  }
  // A plain user who may use the engine, as on a laptop.
  appendFileSync(join(root, 'etc/passwd'), 'owner:x:1000:1000::/home/owner:/bin/bash\n');
  appendFileSync(join(root, 'etc/group'), 'owner:x:1000:\ndocker:x:999:owner\n');
  mkdirSync(join(root, 'home/owner'), { recursive: true });
  chownSync(join(root, 'home/owner'), 1000, 1000);
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost\n::1 localhost\n');
  writeFileSync(join(root, 'etc/nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
  for (const d of ['tmp', 'var/tmp']) {
    mkdirSync(join(root, d), { recursive: true });
    chmodSync(join(root, d), 0o1777);
  }
  for (const d of ['run', 'proc', 'sys', 'dev', 'root', 'var/lib/docker', 'var/lib/overseer', 'opt']) {
    mkdirSync(join(root, d), { recursive: true });
  }
  link(root, 'usr/bin/sh', 'dash');
  if (existsSync(join(root, 'usr/bin/mawk'))) link(root, 'usr/bin/awk', 'mawk');
  rmSync(join(root, 'var/run'), { recursive: true, force: true });
  link(root, 'var/run', '/run');
  if (existsSync(join(root, 'usr/sbin/iptables-nft'))) {
    for (const tool of ['', '-save', '-restore']) {
      link(root, `usr/sbin/iptables${tool}`, `iptables-nft${tool}`);
      link(root, `usr/sbin/ip6tables${tool}`, `ip6tables-nft${tool}`);
    }
  }
  if (existsSync(join(root, 'usr/share/ca-certificates/mozilla'))) writeCaBundle(root);
}

function link(root: string, path: string, target: string): void {
  try {
    symlinkSync(target, join(root, path));
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e;
  }
}

/** The public authorities as one file, as update-ca-certificates would write it. */
export function writeCaBundle(root: string): void {
  const folder = join(root, 'usr/share/ca-certificates/mozilla');
  const pems = readdirSync(folder).map((f) => readFileSync(join(folder, f), 'utf8').trim());
  mkdirSync(join(root, 'etc/ssl/certs'), { recursive: true });
  writeFileSync(join(root, 'etc/ssl/certs/ca-certificates.crt'), `${pems.join('\n')}\n`);
}
