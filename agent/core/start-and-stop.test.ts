import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '#shared/kernel/index.ts';
import { createTlsIdentity, type TlsIdentity } from '#shared/node/tls-identity.ts';
import { initCore } from './init.ts';

const PROGRAM = join(import.meta.dirname, '..', 'main.ts');
/** Far over what an end takes, far under what the test may take. */
const SOON_MS = 5_000;

let folder: string;
let stranger: TlsIdentity;
let core: { pid: number; httpPort: number; linkPort: number; ended: Promise<unknown>; log: () => string };
const sockets: Socket[] = [];

beforeAll(async () => {
  stranger = await createTlsIdentity({ commonName: 'stranger' });
  folder = await mkdtemp(join(tmpdir(), 'ov-core-stop-'));
  const addresses = [{ host: '127.0.0.1', httpPort: 7443, linkPort: 7444 }];
  unwrap(await initCore({ folder, addresses, newSetupCode: false }));
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  const args = ['core', 'start', '--data', folder, '--host', '127.0.0.1', '--http-port', '0', '--link-port', '0'];
  const child = spawn(process.execPath, [PROGRAM, ...args]);
  let text = '';
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal);
  const ready = new Promise<RegExpExecArray>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const ports = /"httpPort":(\d+),"linkPort":(\d+)/.exec(text);
      if (ports) resolve(ports);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    void ended.then(() => reject(new Error(text)));
  });
  const [, http, link] = await ready;
  core = { pid: child.pid ?? 0, httpPort: Number(http), linkPort: Number(link), ended, log: () => text };
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  const [code] = [await Promise.race([core.ended, Promise.resolve('runs')])];
  if (code === 'runs') process.kill(core.pid, 'SIGKILL');
  await core.ended;
});

/** A peer that opens a connection and then says nothing. */
async function openTcp(port: number): Promise<Socket> {
  const socket = connectTcp(port, '127.0.0.1');
  socket.on('error', () => {});
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function openTls(port: number): Promise<void> {
  const tcp = await openTcp(port);
  const tls = connectTls({
    socket: tcp,
    key: stranger.keyPem,
    cert: stranger.certPem,
    // The core's key is not what is tested here.
    rejectUnauthorized: false,
  });
  tls.on('error', () => {});
  await once(tls, 'secureConnect');
}

it('P5: a stop that comes as soon as the core says it is ready is a stop like any other', async () => {
  process.kill(core.pid, 'SIGTERM');
  expect(await howItEnds(), core.log()).toBe(0);
});

const howItEnds = () =>
  Promise.race([core.ended, new Promise((resolve) => setTimeout(resolve, SOON_MS, 'still running').unref())]);

const ports = [
  ['the HTTPS port', () => core.httpPort],
  ['the link port', () => core.linkPort],
] as const;

describe.each(ports)('%s', (_name, port) => {
  it('P5: a peer that only opened a connection does not keep the core from stopping', async () => {
    await openTcp(port());
    process.kill(core.pid, 'SIGTERM');
    expect(await howItEnds(), core.log()).toBe(0);
  });

  it('P5: a peer whose handshake is done and that asks nothing does not keep the core from stopping', async () => {
    await openTls(port());
    process.kill(core.pid, 'SIGTERM');
    expect(await howItEnds(), core.log()).toBe(0);
  });
});
