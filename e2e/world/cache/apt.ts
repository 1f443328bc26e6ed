import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from './lab-error.ts';
import { type Part, partFolder } from './part.ts';
import { run } from './run.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** The releases of Debian that parts are taken from. */
export type DebianSuite = 'sid' | 'bookworm';

/** The mirror the machine itself uses, so that a proxy or an own mirror is honoured. */
export function debianMirror(): string {
  const files = ['/etc/apt/sources.list'];
  if (existsSync('/etc/apt/sources.list.d')) {
    for (const f of readdirSync('/etc/apt/sources.list.d')) files.push(join('/etc/apt/sources.list.d', f));
  }
  for (const file of files) {
    if (!existsSync(file)) continue;
    const found = /^(?:URIs:|deb)\s+(?:\[[^\]]*\]\s+)?(https?:\/\/\S+\/debian)\/?(?:\s|$)/m.exec(
      readFileSync(file, 'utf8'),
    );
    if (found?.[1]) return found[1];
  }
  return 'http://deb.debian.org/debian';
}

/** Writes an apt configuration that touches nothing outside `folder` and runs none of the machine's hooks. */
async function writeAptFolder(folder: string, suite: DebianSuite): Promise<void> {
  for (const d of ['lists/partial', 'archives/partial', 'etc']) mkdirSync(join(folder, d), { recursive: true });
  writeFileSync(join(folder, 'status'), '');
  const dump = await run(['apt-config', 'dump'], { part: 'apt', next: 'the lab needs apt-get (Debian or Ubuntu)' });
  // Proxy and certificate settings are the machine's; everything else of its configuration stays out.
  const kept = dump.split('\n').filter((l) => /^Acquire::(https?|Retries)/i.test(l));
  const conf = [
    ...kept,
    `Dir::Etc::parts "${folder}/etc/none";`,
    'Dir::Etc::main "/dev/null";',
    `Dir::Etc::sourcelist "${folder}/etc/sources.list";`,
    'Dir::Etc::sourceparts "-";',
    'Dir::Etc::preferences "/dev/null";',
    'Dir::Etc::preferencesparts "-";',
    `Dir::State "${folder}";`,
    `Dir::State::lists "${folder}/lists";`,
    `Dir::State::status "${folder}/status";`,
    `Dir::Cache "${folder}";`,
    `Dir::Cache::archives "${folder}/archives";`,
    `Dir::Log "${folder}";`,
    'APT::Sandbox::User "root";',
    'APT::Install-Recommends "0";',
    'Acquire::Languages "none";',
    // Sid's Release file on a frozen mirror is past its date.
    'Acquire::Check-Valid-Until "false";',
    'Acquire::Retries "3";',
    'Debug::NoLocking "1";',
  ];
  writeFileSync(join(folder, 'apt.conf'), `${conf.join('\n')}\n`);
  writeFileSync(join(folder, 'etc/sources.list'), `deb [signed-by=${keyring}] ${debianMirror()} ${suite} main\n`);
}

const aptEnv = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  APT_CONFIG: join(folder, 'apt.conf'),
  DEBIAN_FRONTEND: 'noninteractive',
  LC_ALL: 'C.UTF-8',
});

/** The package lists of one release of Debian, in folders of our own. */
const listsOf = (suite: DebianSuite): Part => ({
  id: 'apt-lists',
  version: `${suite}-1`,
  needs: [],
  check: 'lists',
  make: async (into) => {
    if (!existsSync(keyring)) {
      throw new LabError(
        'apt-lists',
        `${keyring} is missing`,
        'unpack the package debian-archive-keyring on this machine',
      );
    }
    await writeAptFolder(into, suite);
    await run(['apt-get', 'update'], { part: 'apt-lists', env: aptEnv(into) });
    for (const f of ['pkgcache.bin', 'srcpkgcache.bin']) rmSync(join(into, f), { force: true });
    if (readdirSync(join(into, 'lists')).every((f) => !f.endsWith('_Packages'))) {
      throw new LabError(
        'apt-lists',
        `no list of ${suite} came from ${debianMirror()}`,
        'check the mirror of this machine',
      );
    }
  },
});

/** Sid, which nearly all parts come from. */
export const packageLists = listsOf('sid');
/** For what has to be older. */
export const bookwormLists = listsOf('bookworm');

export type Package = { name: string; version: string; file: string };

/**
 * Downloads the named packages with all they depend on (counted from an empty machine) into `folder`.
 * Recommended packages stay out. Nothing is installed.
 */
export async function downloadClosure(
  part: string,
  names: readonly string[],
  folder: string,
  suite: DebianSuite = 'sid',
): Promise<Package[]> {
  await writeAptFolder(folder, suite);
  cpSync(join(partFolder(suite === 'sid' ? packageLists : bookwormLists), 'lists'), join(folder, 'lists'), {
    recursive: true,
  });
  await run(['apt-get', 'install', '-y', '-q', '--download-only', '--no-install-recommends', ...names], {
    part,
    env: aptEnv(folder),
  });
  const archives = join(folder, 'archives');
  return readdirSync(archives)
    .filter((f) => f.endsWith('.deb'))
    .map((f) => {
      const [name = '', version = ''] = f.split('_');
      return { name, version: decodeURIComponent(version), file: join(archives, f) };
    });
}
