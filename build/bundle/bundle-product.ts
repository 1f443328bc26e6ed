import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { buildWeb, type WebBuildOptions } from '../web/build-web.ts';

/** Where the bundle lies. `overseer.mjs` in it runs under the pinned Node with nothing beside this folder. */
export const bundleFolder = 'dist/overseer';

const native = 'better-sqlite3/prebuilds';
/** Servers run Linux on two processors and two C libraries; the machine at hand may be something else. */
const nativeTargets = new Set([
  'linux-x64',
  'linux-arm64',
  'linuxmusl-x64',
  'linuxmusl-arm64',
  `${process.platform}-${process.arch}`,
]);

/** Where the screens lie in the bundle; the core serves them from there. */
const webFolder = 'web';

/**
 * Bundles `agent/main.ts` with everything it needs, and the screens, into {@link bundleFolder}. Core, node and CLI stay chunks of their
 * own that load when they are used. The folder is replaced in one move, so a running program never sees half of it.
 */
export async function bundleProduct(web: WebBuildOptions = {}): Promise<void> {
  const fresh = `${bundleFolder}.${process.pid}`;
  try {
    await runBundler(fresh, web);
    replaceFolder(fresh, bundleFolder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Makes the bundle in the given folder, which need not exist. */
export async function runBundler(folder: string, web: WebBuildOptions = {}): Promise<void> {
  await Promise.all([runEsbuild(folder, []), buildWeb(join(folder, webFolder), web)]);
  finishFolder(folder);
}

/** The program without the screens, built with further plugins: for those who prove what a changed build would do. */
export async function bundleProgram(folder: string, further: readonly Plugin[]): Promise<void> {
  await runEsbuild(folder, further);
  finishFolder(folder);
}

function finishFolder(folder: string): void {
  copyNative(folder);
  copyBeside(folder);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(bundleManifest(), null, 2)}\n`);
}

async function runEsbuild(folder: string, further: readonly Plugin[]): Promise<void> {
  await build({
    entryPoints: { overseer: 'agent/main.ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    conditions: ['import', 'node'],
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'external',
    keepNames: true,
    logLevel: 'warning',
    loader: { '.node': 'empty' },
    plugins: [...further, nativeSqlite, withoutUnusedTransports],
    // Packages written as CommonJS still call `require` for Node's own modules and look for files beside themselves.
    banner: {
      js: [
        "import { createRequire as nodeCreateRequire } from 'node:module';",
        'const require = nodeCreateRequire(import.meta.url);',
        'const __dirname = import.meta.dirname;',
        'const __filename = import.meta.filename;',
      ].join('\n'),
    },
  });
}

function bundleManifest(): object {
  const { name, version, license } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, string>;
  return { name, version, license, private: true, type: 'module' };
}

/** SQLite's native part is looked for in a fixed folder beside the bundle instead of in its package. */
const nativeSqlite: Plugin = {
  name: 'native-sqlite',
  setup({ onLoad }) {
    onLoad({ filter: /better-sqlite3[\\/]lib[\\/]binding\.js$/ }, () => ({
      loader: 'js',
      contents: `
        const path = require('node:path');
        let addon;
        exports.getBinding = (given) => {
          if (typeof given === 'object' && given !== null) return given;
          if (typeof given === 'string') return require(path.resolve(given));
          const musl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
          const target = (musl ? 'linuxmusl' : process.platform) + '-' + process.arch;
          return (addon ??= require(path.join(__dirname, '${native}', target + '.node')));
        };`,
    }));
  },
};

/** dockerode can also speak SSH and BuildKit's gRPC. Neither is used; asked for, they say so. */
const withoutUnusedTransports: Plugin = {
  name: 'without-unused-transports',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(ssh2|cpu-features|@grpc\/grpc-js|@grpc\/proto-loader)$/ }, ({ path }) => ({
      path,
      namespace: 'left-out',
    }));
    onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      loader: 'js',
      contents: `
        const refuse = () => { throw new Error('${path} is not part of this build of Overseer'); };
        module.exports = new Proxy(function leftOut() { refuse(); }, { get: (_, name) => (name === '__esModule' ? false : refuse) });`,
    }));
  },
};

function copyNative(folder: string): void {
  for (const target of nativeTargets) {
    const from = join('node_modules', native, `${target}.node`);
    if (!existsSync(from)) continue;
    const to = join(folder, native, `${target}.node`);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
  }
}

/** What the program reads at run time: the catalogue and the launcher's binaries; and what is installed with it. */
function copyBeside(folder: string): void {
  const launcher = ['launcher.json', 'launcher-amd64.gz', 'launcher-arm64.gz'];
  for (const name of launcher) cpSync(join('build/launcher', name), join(folder, name));
  cpSync('catalog', join(folder, 'catalog'), { recursive: true });
  cpSync('build/units', join(folder, 'units'), { recursive: true, filter: (path) => !path.endsWith('.ts') });
  for (const name of ['LICENSE', 'README.md']) cpSync(name, join(folder, name));
}

function replaceFolder(fresh: string, folder: string): void {
  const old = `${folder}.old-${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(fresh, folder);
  rmSync(old, { recursive: true, force: true });
}
