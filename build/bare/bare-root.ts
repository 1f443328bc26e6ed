import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianMirror, packageLists } from '#world/cache/apt.ts';
import { ensureParts } from '#world/cache/part.ts';
import { sidCommand } from '#world/cache/parts/tools.ts';
import { run } from '#world/cache/run.ts';
import { unpackClosure } from '#world/cache/unpack.ts';

const part = 'bare root';
const suite = 'bookworm';
const caBundle = '/etc/ssl/certs/ca-certificates.crt';

/** Settings of this machine without which nothing can be fetched from inside: certificates, proxies, registries. */
const carriedVariables = /^(https?_proxy|no_proxy|GOPROXY|GONOSUMDB|GOSUMDB|GOFLAGS|GONOPROXY|NPM_CONFIG_REGISTRY)$/i;

/**
 * Makes a Debian root with nothing but an old Node and npm in `root`, and a fresh clone of the last commit in
 * `/srv/overseer`. What this machine needs to reach its registries is carried over. Nothing is installed here.
 */
export async function makeBareRoot(root: string, note: (line: string) => void): Promise<void> {
  await ensureParts([packageLists], note);
  await debootstrap(root, note);
  await putNode(root, note);
  carrySettings(root);
  await run(['git', 'clone', '-q', '--no-hardlinks', `file://${process.cwd()}`, join(root, 'srv/overseer')], { part });
}

/** What `enter.sh` puts into the environment inside, as `NAME=value` words. */
export function bareEnvironment(): string {
  const carried = Object.entries(process.env).filter(([name, value]) => carriedVariables.test(name) && value);
  const certificates = [
    ['SSL_CERT_FILE', caBundle],
    ['NODE_EXTRA_CA_CERTS', caBundle],
  ];
  return [...carried, ...certificates].map(([name, value]) => `${name}=${value}`).join(' ');
}

async function debootstrap(root: string, note: (line: string) => void): Promise<void> {
  const unpacked = `${root}.tools`;
  try {
    await unpackClosure(part, ['debootstrap', 'wget'], unpacked);
    const programs = join(unpacked, 'programs');
    mkdirSync(programs);
    writeFileSync(join(programs, 'wget'), `#!/bin/sh\nexec ${sidCommand(unpacked, 'usr/bin/wget').join(' ')} "$@"\n`);
    chmodSync(join(programs, 'wget'), 0o755);
    note(`debootstrap ${suite}`);
    const script = join(unpacked, 'usr/sbin/debootstrap');
    // In a mount namespace of its own: what debootstrap mounts goes with it, also when it fails.
    await run(['unshare', '-m', 'sh', script, '--variant=minbase', suite, root, debianMirror()], {
      part,
      env: {
        ...process.env,
        DEBOOTSTRAP_DIR: join(unpacked, 'usr/share/debootstrap'),
        PATH: `${programs}:${process.env.PATH}:/usr/sbin:/sbin`,
      },
    });
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

async function putNode(root: string, note: (line: string) => void): Promise<void> {
  const versions = JSON.parse(readFileSync('build/versions.json', 'utf8')) as { oldestNode: string; oldestNpm: string };
  const nodePackage = `node-${process.platform}-${process.arch}`;
  const fetched = `${root}.node`;
  note(`Node ${versions.oldestNode}, npm ${versions.oldestNpm}`);
  try {
    mkdirSync(fetched, { recursive: true });
    writeFileSync(join(fetched, 'package.json'), '{ "private": true }\n');
    const wanted = [`${nodePackage}@${versions.oldestNode}`, `npm@${versions.oldestNpm}`];
    await run(['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', fetched, ...wanted], {
      part,
    });
    const home = join(root, 'opt/node');
    mkdirSync(join(home, 'bin'), { recursive: true });
    cpSync(join(fetched, 'node_modules', nodePackage, 'bin/node'), join(home, 'bin/node'));
    cpSync(join(fetched, 'node_modules/npm'), join(home, 'lib/node_modules/npm'), { recursive: true });
    for (const name of ['npm', 'npx'])
      symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(home, 'bin', name));
  } finally {
    rmSync(fetched, { recursive: true, force: true });
  }
}

function carrySettings(root: string): void {
  const home = process.env.HOME ?? '/';
  const carried: [string, string][] = [
    [process.env.SSL_CERT_FILE ?? caBundle, caBundle],
    [join(home, '.npmrc'), '/root/.npmrc'],
    ['/etc/resolv.conf', '/etc/resolv.conf'],
  ];
  for (const [from, to] of carried) {
    if (!existsSync(from)) continue;
    rmSync(join(root, to), { force: true });
    mkdirSync(join(root, to, '..'), { recursive: true });
    cpSync(from, join(root, to), { dereference: true });
  }
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost\n::1 localhost\n');
}
