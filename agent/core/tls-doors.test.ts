import { createPrivateKey, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:https';
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect, createServer, type SecureVersion, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectLink } from '#agent/link/index.ts';
import { LINK_PROTOCOL, LINK_VERSION_HEADER } from '#shared/contracts/link/messages.ts';
import { API_PREFIX } from '#shared/contracts/rest/index.ts';
import { SYNC_PROTOCOL } from '#shared/contracts/sync/messages.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import { err, type Fault, fault, randomId, systemRandom } from '#shared/kernel/index.ts';
import { createPinnedCore } from '#shared/node/core-ports/pinned-core.ts';
import { createTlsIdentity, type TlsIdentity } from '#shared/node/tls-identity.ts';
import { asPssKey, evilKey, keyPem, spkiWithoutNull, writeEvilCertificate } from '#shared/testing/evil-certificate.ts';
import { generateSealingKey, generateSigningKey } from '#shared/trust/index.ts';
import { type CoreWorld, createCoreWorld } from './testing/core-world.ts';
import type { TestDevice } from './testing/test-device.ts';

let world: CoreWorld;
let device: TestDevice;
/** The TLS key of a node that stands in the log. */
let known: TlsIdentity;
let knownKey: KeyObject;
const stranger = evilKey('rsa');
const cleanUps: (() => void)[] = [];

beforeAll(async () => {
  world = await createCoreWorld();
  device = await world.claim();
  known = await createTlsIdentity({ commonName: 'node' });
  knownKey = createPrivateKey(known.keyPem);
  const key = await generateSigningKey();
  const node = {
    nodeId: key.signer.keyId,
    name: 'attic',
    signKey: key.publicKey,
    ageRecipient: (await generateSealingKey()).recipient,
    tlsSpki: known.spki,
  };
  const entry = await device.addTrust({ kind: 'add-node', node });
  expect((await device.call('extendTrust', { body: { entries: [entry] } })).status).toBe(200);
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
  // Whatever was tried, the core goes on.
  expect((await device.call('healthz', { session: null })).status).toBe(200);
});
afterAll(() => world?.dispose());

/** How the core answers a link's upgrade over TLS with these options: a status, or the alert that ended it. */
function knock(options: ConnectionOptions, path = '/link'): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: world.running.linkPort, rejectUnauthorized: false, ...options });
    cleanUps.push(() => socket.destroy());
    let text = '';
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('close', () => resolve(text === '' ? 'closed' : text));
    socket.on('data', (data) => {
      text += data.toString('latin1');
      if (text.includes('\r\n')) resolve(text.slice(9, 12));
    });
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: core\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${LINK_PROTOCOL}\r\n` +
        `${LINK_VERSION_HEADER}: ${VERSION}\r\n\r\n`,
    );
  });
}

const ENTERED = '101';
const REFUSED = '403';

describe('P1 A8-14: who comes to the link port is known by the key in the log, and by nothing else', () => {
  it('the honest twin: the certificate that the node made itself', async () => {
    expect(await knock({ key: known.keyPem, cert: known.certPem })).toBe(ENTERED);
  });

  it('no certificate: turned away before a request is read', async () => {
    expect(await knock({})).not.toMatch(/^\d/);
  });

  it.each(['rsa', 'ec', 'ed25519', 'rsassa-pss'] as const)('a stranger’s own certificate, %s', async (kind) => {
    const key = evilKey(kind);
    const cert = writeEvilCertificate(kind === 'rsassa-pss' ? { key, issuerKey: stranger } : { key });
    expect(await knock({ key: keyPem(key), cert })).toBe(REFUSED);
  });

  it('a stranger’s certificate that says the node’s name and hosts, from an authority of that name', async () => {
    const cert = writeEvilCertificate({
      key: stranger,
      issuerKey: evilKey('rsa'),
      subject: 'node',
      issuer: 'node',
      hosts: ['attic', 'core'],
    });
    expect(await knock({ key: keyPem(stranger), cert })).toBe(REFUSED);
  });

  it('a stranger’s certificate with the node’s true one behind it in the chain', async () => {
    const leaf = writeEvilCertificate({ key: stranger, issuerKey: stranger, issuer: 'node' });
    expect(await knock({ key: keyPem(stranger), cert: leaf + known.certPem })).toBe(REFUSED);
  });

  it('the node’s certificate without its key proves nothing: TLS itself does not begin', async () => {
    expect(() => connect({ port: 1, key: keyPem(stranger), cert: known.certPem })).toThrow(/key values mismatch/i);
  });

  it.each([
    ['expired in 1990', { notBefore: '19800101000000Z', notAfter: '19900101000000Z' }],
    ['not valid before 2200', { notBefore: '22000101000000Z', notAfter: '23000101000000Z' }],
    ['made out to another name', { subject: 'somebody else', hosts: ['elsewhere.example'] }],
    ['90 KB large', { padding: 90_000 }],
  ])('the node’s own key, in a certificate %s, comes in: dates and names are no authority', async (_what, about) => {
    const cert = writeEvilCertificate({ key: knownKey, ...about });
    expect(await knock({ key: known.keyPem, cert })).toBe(ENTERED);
  });

  it('the node’s own key, signed by an authority of somebody else, comes in as well', async () => {
    const cert = writeEvilCertificate({ key: knownKey, issuerKey: stranger, issuer: 'Some CA' });
    expect(await knock({ key: known.keyPem, cert })).toBe(ENTERED);
  });

  it('two certificates of one key are one node: the newer connection takes the place of the older', async () => {
    const first = await knock({ key: known.keyPem, cert: known.certPem });
    const second = await knock({ key: known.keyPem, cert: writeEvilCertificate({ key: knownKey, subject: 'twin' }) });
    expect([first, second]).toEqual([ENTERED, ENTERED]);
    expect(world.log.filter((line) => line.includes('link.unknown-peer'))).not.toContainEqual(
      expect.stringContaining(known.spki),
    );
  });

  it('a certificate over what TLS takes ends the handshake and nothing else', async () => {
    const cert = writeEvilCertificate({ key: knownKey, padding: 400_000 });
    expect(await knock({ key: known.keyPem, cert })).not.toMatch(/^\d/);
  });

  it('the known key in another encoding: the key counts as it is, a key of another kind does not', async () => {
    const bare = writeEvilCertificate({ key: knownKey, spki: spkiWithoutNull(knownKey) });
    // The same RSA key, whose holder proved that he has it: OpenSSL reads and writes it in its one right form, or not at all.
    expect([ENTERED, REFUSED]).toContain(await knock({ key: known.keyPem, cert: bare }));
    const { spki, pkcs8 } = asPssKey(knownKey);
    const pss = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    const cert = writeEvilCertificate({ key: knownKey, spki });
    expect(await knock({ key: keyPem(pss), cert })).toBe(REFUSED);
  });

  it('a session of before opens nothing: each connection proves its key anew', async () => {
    const auth = { key: known.keyPem, cert: known.certPem };
    const open = (options: ConnectionOptions) =>
      new Promise<{ reused: boolean; session: Buffer | undefined }>((resolve) => {
        const about = { host: '127.0.0.1', port: world.running.linkPort, rejectUnauthorized: false, ...options };
        const socket = connect(about);
        let session: Buffer | undefined;
        let reused = false;
        socket.on('session', (found) => {
          session = found;
        });
        socket.on('secureConnect', () => {
          reused = socket.isSessionReused();
        });
        socket.on('error', () => {});
        socket.on('close', () => resolve({ reused, session }));
        socket.resume().write('GET / HTTP/1.1\r\nHost: core\r\nConnection: close\r\n\r\n');
      });
    const first = await open(auth);
    const second = await open(first.session === undefined ? auth : { ...auth, session: first.session });
    expect(second.reused).toBe(false);
    if (first.session !== undefined) expect(await knock({ session: first.session })).not.toMatch(/^\d/);
  });
});

describe('A8-14: both doors speak TLS 1.3 only', () => {
  it.each(['TLSv1', 'TLSv1.1', 'TLSv1.2'] as SecureVersion[])('%s is refused', async (version) => {
    const ciphers = 'DEFAULT:@SECLEVEL=0';
    const old = { minVersion: version, maxVersion: version, ciphers };
    for (const port of [world.running.linkPort, world.running.httpPort])
      expect(await knock({ ...old, port, key: known.keyPem, cert: known.certPem })).not.toMatch(/^\d/);
  });
});

describe('A8-14: the page’s port takes no certificate for an answer', () => {
  it('a node’s certificate, or any, opens no session there', async () => {
    for (const [key, cert] of [
      [known.keyPem, known.certPem],
      [keyPem(stranger), writeEvilCertificate({ key: stranger })],
    ]) {
      const status = await new Promise((resolve, reject) => {
        request(
          { port: world.running.httpPort, path: '/api/v1/apps', rejectUnauthorized: false, key, cert, agent: false },
          (answer) => resolve(answer.resume().statusCode),
        )
          .on('error', reject)
          .end();
      });
      expect(status).toBe(401);
    }
  });
});

/** Somebody in the core's place, who keeps every byte that comes after the handshake. */
async function standIn(key: KeyObject, cert: string): Promise<{ port: number; heard: () => number }> {
  let heard = 0;
  const server = createServer({ key: keyPem(key), cert, requestCert: true, rejectUnauthorized: false });
  server.on('tlsClientError', () => {});
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.on('data', (data) => {
      heard += data.length;
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, heard: () => heard };
}

/** Certificates of somebody who would like to be the core `core.lan`. */
function impostors(coreCert: string): [string, KeyObject, string][] {
  const own = writeEvilCertificate({ key: stranger, subject: 'core.lan', hosts: ['core.lan', 'localhost'] });
  const signed = { key: stranger, issuerKey: evilKey('rsa'), subject: 'core.lan', issuer: 'overseer core' };
  const ec = evilKey('ec');
  return [
    ['with the core’s name', stranger, own],
    ['from an authority', stranger, writeEvilCertificate(signed)],
    ['with the core’s true certificate behind it', stranger, own + coreCert],
    ['of another kind', ec, writeEvilCertificate({ key: ec, subject: 'core.lan' })],
    ['100 KB large', stranger, writeEvilCertificate({ key: stranger, padding: 90_000 })],
  ];
}

describe('P1 A8-14: nobody else is taken for the core', () => {
  const noTrust = { entries: () => [], receive: async () => err(fault('link.unknown-core', 'denied', 'no', 'no')) };

  it('a node sends an impostor nothing but its side of the introduction, and takes no order', async () => {
    for (const [what, key, cert] of impostors(world.folder.tlsCert)) {
      const evil = await standIn(key, cert);
      const met = await new Promise<Fault>((resolve) => {
        const link = connectLink({
          addresses: () => [{ host: '127.0.0.1', linkPort: evil.port }],
          isExpected: (spki) => spki === world.folder.spki,
          tlsKey: known.keyPem,
          tlsCert: known.certPem,
          version: VERSION,
          trust: noTrust,
          onUp: () => resolve(fault('link.lost', 'permanent', 'it came up', 'it must not')),
          onFault: (why) => {
            link.stop();
            resolve(why);
          },
        });
        cleanUps.push(() => link.stop());
      });
      expect([what, met.code, evil.heard()]).toEqual([what, 'link.unknown-core', 0]);
    }
  });

  it('a device sends an impostor not one byte', async () => {
    for (const [what, key, cert] of impostors(world.folder.tlsCert)) {
      const evil = await standIn(key, cert);
      const address = { host: '127.0.0.1', port: evil.port };
      const core = createPinnedCore({ addresses: [address], pin: (spki) => spki === world.folder.spki });
      cleanUps.push(() => core.http.close());
      const asked = core.http.send({ method: 'GET', path: '/healthz', headers: {}, timeoutMs: 5_000 } as never);
      const code = await asked.then(
        () => 'answered',
        (error: { fault?: Fault }) => error.fault?.code ?? String(error),
      );
      expect([what, code, evil.heard()]).toEqual([what, 'core.wrong-key', 0]);
    }
  });
});

describe('A8-35: a stranger’s bytes never end the core', () => {
  const targets = [
    '//',
    '///',
    '//[',
    '/\\',
    'http://[',
    'https://:@',
    '*',
    '/api/v1/sync?ticket=%',
    '/%ff',
    '/api/v1/streams/%00',
  ];
  const upgrade = (target: string) =>
    `GET ${target} HTTP/1.1\r\nHost: core\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: overseer.sync.v1\r\n\r\n';

  it.each(targets)('an upgrade for %j is refused', async (target) => {
    const socket = connect({ host: '127.0.0.1', port: world.running.httpPort, rejectUnauthorized: false });
    cleanUps.push(() => socket.destroy());
    socket.on('error', () => {});
    socket.write(upgrade(target));
    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  it('a flood of silent connections pushes out itself: what a session opened stays, and who comes is answered', async () => {
    const socket = await device.webSocket(`${API_PREFIX}/sync`, SYNC_PROTOCOL);
    cleanUps.push(() => socket.terminate());
    const port = world.running.httpPort;
    const flood: Socket[] = [];
    cleanUps.push(() => flood.map((one) => one.destroy()));
    // In waves: the system itself holds back more than 511 that wait to be accepted.
    for (let wave = 0; wave < 6; wave++) {
      const some = Array.from({ length: 200 }, () => connectTcp(port, '127.0.0.1').on('error', () => {}));
      flood.push(...some);
      await Promise.all(some.map((one) => once(one, 'connect')));
    }
    await expect.poll(() => flood.filter((one) => one.closed).length, { timeout: 10_000 }).toBeGreaterThanOrEqual(170);
    // A connection of its own, in the middle of it.
    const status = await new Promise((resolve, reject) => {
      request({ port, path: '/healthz', rejectUnauthorized: false, agent: false }, (answer) =>
        resolve(answer.resume().statusCode),
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    expect(socket.readyState).toBe(socket.OPEN);
    const told = world.log.filter((line) => line.includes('Too many connections without a session'));
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThanOrEqual(20);
  });

  it('a connection that asks on without reading is closed, not kept; one after the other it may ask as long as it likes', async () => {
    const ask = 'GET /healthz HTTP/1.1\r\nHost: core\r\n\r\n';
    const open = async () => {
      const socket = connect({ host: '127.0.0.1', port: world.running.httpPort, rejectUnauthorized: false });
      cleanUps.push(() => socket.destroy());
      socket.on('error', () => {});
      await new Promise((resolve) => socket.once('secureConnect', resolve));
      return socket;
    };
    const greedy = await open();
    greedy.write(ask.repeat(100));
    await new Promise((resolve) => greedy.resume().once('close', resolve));
    const patient = await open();
    for (let round = 0; round < 30; round++) {
      patient.write(ask.repeat(2));
      let text = '';
      while ((text.match(/HTTP\/1\.1 200/g)?.length ?? 0) < 2)
        text += await new Promise<string>((resolve) => patient.once('data', (data) => resolve(data.toString())));
    }
    expect(patient.closed).toBe(false);
  });

  it('a reset in the middle of a refusal harms nobody, on either port', async () => {
    for (const [port, auth] of [
      [world.running.httpPort, {}],
      [world.running.linkPort, { key: keyPem(stranger), cert: writeEvilCertificate({ key: stranger }) }],
    ] as const) {
      for (let round = 0; round < 20; round++) {
        const tcp = connectTcp(port, '127.0.0.1');
        const socket = connect({ socket: tcp, rejectUnauthorized: false, ...auth });
        socket.on('error', () => {});
        tcp.on('error', () => {});
        await new Promise((resolve) => socket.once('secureConnect', resolve));
        socket.write(upgrade(`/${randomId(systemRandom)}`), () => tcp.resetAndDestroy());
        await new Promise((resolve) => tcp.once('close', resolve));
      }
    }
  });
});
