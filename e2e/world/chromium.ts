import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabError } from './cache/lab-error.ts';
import { ensureParts, type Note, partFolder } from './cache/part.ts';
import { chromiumRoot } from './cache/parts/chromium.ts';
import { run } from './cache/run.ts';
import type { WorldHandle } from './handle.ts';

export type ChromiumOptions = {
  /** Inside this world's hub: its names, its network. Without it: this machine's. */
  world?: Pick<WorldHandle, 'initPid'>;
  /** Certificates the browser trusts besides its own, PEM: authorities, and servers that signed theirs themselves. */
  trust?: readonly string[];
  note?: Note;
};

export type Chromium = {
  /** For Playwright: `chromium.launchPersistentContext(userDataDir, { executablePath, args })`. */
  executablePath: string;
  userDataDir: string;
  args: readonly string[];
  /** Removes profile and launcher; call it after the browser has been closed. */
  remove: () => void;
};

const script = fileURLToPath(new URL('scripts/enter-root.sh', import.meta.url));

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Makes a real Chromium ready with a fresh profile: no ignored certificates, no host rules; fetched when missing. */
export async function prepareChromium(options: ChromiumOptions = {}): Promise<Chromium> {
  if (process.getuid?.() !== 0) throw new LabError('chromium', 'needs root, for a root of its own', 'run it as root');
  await ensureParts([chromiumRoot], options.note ?? (() => undefined));
  const home = mkdtempSync(join(tmpdir(), 'lab-chromium-'));
  const userDataDir = join(home, 'profile');
  mkdirSync(userDataDir);
  const executablePath = join(home, 'launch');
  writeFileSync(executablePath, launcher(home, options.world?.initPid));
  chmodSync(executablePath, 0o755);
  await trustAuthorities(home, options.trust ?? []);
  return { executablePath, userDataDir, args, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Without `-p`, so that the process that Playwright starts is the browser itself and its pipes reach it. */
function launcher(home: string, initPid: number | undefined): string {
  const hub = initPid ? `nsenter -t ${initPid} -m -- nsenter --net=/run/netns/hub -- ` : '';
  return `#!/bin/bash
export ROOT='${join(partFolder(chromiumRoot), 'root')}' HOME='${home}' SHOW='${home}'
exec ${hub}unshare -m bash '${script}' /usr/lib/chromium/chromium "$@"
`;
}

/** Chromium on Linux reads authorities from the NSS store of the user's home. */
async function trustAuthorities(home: string, pems: readonly string[]): Promise<void> {
  const store = join(home, '.pki/nssdb');
  mkdirSync(store, { recursive: true });
  const env = { ...process.env, ROOT: join(partFolder(chromiumRoot), 'root'), HOME: home, SHOW: home };
  const certutil = (...more: string[]) =>
    run(['unshare', '-m', 'bash', script, 'certutil', '-d', `sql:${store}`, ...more], { part: 'chromium', env });
  await certutil('-N', '--empty-password');
  for (const [i, pem] of pems.entries()) {
    const file = join(home, `authority-${i}.pem`);
    writeFileSync(file, pem);
    // A certificate that is no authority is trusted as the peer it names; as an authority Chromium calls it invalid.
    const trust = new X509Certificate(pem).ca ? 'C,,' : 'P,,';
    await certutil('-A', '-n', `lab ${i}`, '-t', trust, '-i', file);
  }
}
