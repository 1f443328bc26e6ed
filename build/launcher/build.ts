import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** `launcher.json`: the Go that makes exactly these bytes, and what the unpacked binaries must hash to. */
export interface LauncherManifest {
  go: string;
  sha256: { amd64: string; arm64: string };
}

const here = dirname(fileURLToPath(import.meta.url));
export const ARCHES = ['amd64', 'arm64'] as const;
export type Arch = (typeof ARCHES)[number];

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The Go on this machine as `go version` names it (`go1.26.8`), or undefined where there is none. */
export function installedGo(): string | undefined {
  try {
    return execFileSync('go', ['version'], { encoding: 'utf8', env: goEnv('amd64'), cwd: here }).split(' ')[2];
  } catch {
    return undefined;
  }
}

/** Builds the launcher for `arch`; the same Go always makes the same bytes. */
export function buildLauncher(arch: Arch): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-launcher-'));
  try {
    const out = join(folder, 'launch');
    const flags = ['build', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w -buildid=', '-o', out, '.'];
    execFileSync('go', flags, { cwd: here, env: goEnv(arch), stdio: ['ignore', 'inherit', 'inherit'] });
    return readFileSync(out);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everything from the environment that could change the bytes is set or dropped. */
function goEnv(arch: Arch): NodeJS.ProcessEnv {
  const { GOFLAGS: _flags, GOEXPERIMENT: _experiment, GOFIPS140: _fips, ...rest } = process.env;
  const target = { GOOS: 'linux', GOARCH: arch, GOAMD64: 'v1', GOARM64: 'v8.0', CGO_ENABLED: '0' };
  return { ...rest, ...target, GOTOOLCHAIN: 'local', GOWORK: 'off', GOENV: 'off' };
}

if (import.meta.main) {
  const go = installedGo();
  if (!go) throw new Error('no go on the PATH: install the version that launcher.json names, or a newer one');
  const sha256 = { amd64: '', arm64: '' };
  for (const arch of ARCHES) {
    const bytes = buildLauncher(arch);
    sha256[arch] = sha256Of(bytes);
    writeFileSync(join(here, `launcher-${arch}.gz`), gzipSync(bytes, { level: 9 }));
  }
  const manifest: LauncherManifest = { go, sha256 };
  writeFileSync(join(here, 'launcher.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
