import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = 'thing';
const VERSION = '1.0.0';
/** What a script of the package would leave behind. */
const MARK = 'script-ran';

/** A registry of one package, and a project that depends on it as this repository depends on its own. */
export interface InstallStage {
  /**
   * Runs `npm ci` in a fresh project with the npm settings of this repository. `serves`: the tarball that the registry
   * gives; `locks`: what the lock file holds of it.
   */
  install(about: {
    serves: 'right' | 'swapped';
    locks: 'integrity' | 'nothing';
    settings: 'ours' | 'none';
  }): Promise<Installed>;
}

export interface Installed {
  readonly code: number;
  readonly said: string;
  /** The code of the package that lies in the project then, if any. */
  readonly main: string | null;
  readonly scriptRan: boolean;
  readonly tookMs: number;
}

/** npm and a registry on loopback; nothing is fetched from elsewhere. */
export async function startInstallWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'attacks-install-'));
  const tarballs = {
    right: await pack(join(folder, 'right'), 'right'),
    swapped: await pack(join(folder, 'swapped'), 'swapped'),
  };
  let served: keyof typeof tarballs = 'right';
  const registry = createServer((request, response) => {
    if (request.url?.endsWith('.tgz')) return void response.end(tarballs[served]);
    if (request.url !== `/${NAME}`) return void response.writeHead(404).end();
    const dist = { tarball: `${address()}/${NAME}.tgz`, integrity: integrityOf(tarballs[served]) };
    const versions = { [VERSION]: { name: NAME, version: VERSION, hasInstallScript: true, dist } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name: NAME, 'dist-tags': { latest: VERSION }, versions }));
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  const address = (): string => `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
  let projects = 0;
  const stage: InstallStage = {
    async install({ serves, locks, settings }) {
      served = serves;
      const project = join(folder, `project-${++projects}`);
      mkdirSync(project);
      if (settings === 'ours') cpSync('.npmrc', join(project, '.npmrc'));
      const integrity = locks === 'integrity' ? { integrity: integrityOf(tarballs.right) } : {};
      const root = { name: 'project', version: VERSION, dependencies: { [NAME]: VERSION } };
      const entry = { version: VERSION, hasInstallScript: true, ...integrity };
      const lock = { ...root, lockfileVersion: 3, packages: { '': root, [`node_modules/${NAME}`]: entry } };
      writeFileSync(join(project, 'package.json'), JSON.stringify(root));
      writeFileSync(join(project, 'package-lock.json'), JSON.stringify(lock));
      const from = performance.now();
      const cache = join(project, 'cache');
      const { code, said } = await npm(['ci', '--registry', address(), '--cache', cache, '--audit=false'], project);
      const main = join(project, 'node_modules', NAME, 'main.cjs');
      return {
        code,
        said,
        main: existsSync(main) ? (await import(main)).default : null,
        scriptRan: readdirSync(project).includes(MARK),
        tookMs: performance.now() - from,
      };
    },
  };
  return {
    onStage: <T>(_product: string, run: (stage: InstallStage) => Promise<T>) => run(stage),
    async stop() {
      registry.closeAllConnections();
      await new Promise((resolve) => registry.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const integrityOf = (bytes: Buffer): string => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/** A package whose script writes a file into whoever installs it. */
async function pack(folder: string, says: string): Promise<Buffer> {
  mkdirSync(folder);
  const script = `node -e "require('node:fs').writeFileSync(require('node:path').join(process.env.INIT_CWD,'${MARK}'),'x')"`;
  const manifest = { name: NAME, version: VERSION, main: 'main.cjs', scripts: { postinstall: script } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'main.cjs'), `module.exports = '${says}';\n`);
  const { code, said } = await npm(['pack', '--ignore-scripts', '--pack-destination', folder], folder);
  if (code !== 0) throw new Error(`npm pack: ${said}`);
  return readFileSync(join(folder, `${NAME}-${VERSION}.tgz`));
}

function npm(args: readonly string[], cwd: string): Promise<{ code: number; said: string }> {
  // Settings of the npm that started these attacks must not reach the one under test.
  const own = Object.entries(process.env).filter(([key]) => !key.toLowerCase().startsWith('npm_'));
  const env = { ...Object.fromEntries(own), INIT_CWD: cwd, HOME: cwd };
  return new Promise((resolve) =>
    execFile('npm', [...args], { cwd, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), said: `${stdout}${stderr}` }),
    ),
  );
}
