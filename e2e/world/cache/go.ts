import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { goCacheFolder } from './layout.ts';
import { type Part, partFolder } from './part.ts';
import { run } from './run.ts';
import { unpackClosure } from './unpack.ts';

/** The oldest Go that builds all the lab's programs. */
const leastGo = [1, 26, 8] as const;

function machineGo(): string | undefined {
  for (const go of ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go']) {
    try {
      const text = execFileSync(go, ['version'], { encoding: 'utf8', env: { ...process.env, GOTOOLCHAIN: 'local' } });
      const found = /go(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
      if (found && atLeast(found.slice(1, 4).map((n) => Number(n ?? 0)))) return go;
    } catch {
      // Not there or not runnable: the next candidate, in the end our own.
    }
  }
  return undefined;
}

function atLeast(version: readonly number[]): boolean {
  for (const [i, least] of leastGo.entries()) {
    const has = version[i] ?? 0;
    if (has !== least) return has > least;
  }
  return true;
}

/** Go from Debian sid, unpacked; made only where the machine has no fitting Go. */
export const debianGo: Part = {
  id: 'go',
  version: 'sid-1',
  needs: [],
  check: 'root/usr/bin/go',
  make: async (into, note) => {
    const taken = await unpackClosure('go', ['golang-go', 'ca-certificates'], join(into, 'root'));
    note(`golang-go ${taken.find((p) => p.name === 'golang-go')?.version}`);
  },
};

const ownGo = machineGo();

/** What a part that builds with Go needs before: nothing when the machine's Go fits. */
export const goNeeds = (lists: Part): readonly Part[] => (ownGo ? [] : [{ ...debianGo, needs: [lists] }]);

/** Runs `go` in `cwd` with module downloads in the lab's own cache. */
export async function goRun(part: string, cwd: string, args: readonly string[]): Promise<string> {
  const modcache = join(goCacheFolder(), 'mod');
  const build = join(goCacheFolder(), 'build');
  for (const d of [modcache, build]) mkdirSync(d, { recursive: true });
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    CGO_ENABLED: '0',
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    GOFLAGS: '-buildvcs=false -modcacherw',
    GOMODCACHE: modcache,
    GOCACHE: build,
  };
  const next = 'a module that the proxy refuses makes this part unavailable here';
  if (ownGo) return run(['nice', ownGo, ...args], { part, cwd, env, next });
  return run(['nice', ...debianGoCommand(), ...args], { part, cwd, env: { ...env, ...debianGoEnv() }, next });
}

const debianGoRoot = (): string => join(partFolder(debianGo), 'root');

/** Debian's `go` is linked against sid's C library: it is started by sid's own loader, whatever this machine has. */
function debianGoCommand(): string[] {
  const root = debianGoRoot();
  const goRoot = join(root, 'usr/lib/go');
  return existsSync(join(goRoot, 'bin/go')) ? [join(goRoot, 'bin/go')] : [join(root, 'usr/bin/go')];
}

const debianGoEnv = (): NodeJS.ProcessEnv => ({ GOROOT: join(debianGoRoot(), 'usr/lib/go') });
