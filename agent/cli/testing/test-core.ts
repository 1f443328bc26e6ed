import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { sha256Hex, toBase64Url } from '#shared/kernel/index.ts';
import { createTlsIdentity } from '#shared/node/tls-identity.ts';
import type { Envelope } from '#shared/trust/index.ts';

/** The parts of a core that a test bends: what it holds and what it gives. */
export interface TestCore {
  readonly port: number;
  readonly spki: string;
  headers: Envelope[];
  readonly objects: Map<string, Uint8Array>;
  /** Change sets that were taken, newest last. */
  readonly taken: { changeSet: Envelope; headers: Envelope[] }[];
  /** Answers every order with this status instead. */
  refuseWith: number | undefined;
  stop(): Promise<void>;
}

let identity: ReturnType<typeof createTlsIdentity> | undefined;

/** A core over real TLS that says what it is told to say, true or false: nothing here verifies anything. */
export async function startTestCore(fleet: () => string): Promise<TestCore> {
  identity ??= createTlsIdentity({ commonName: 'core' });
  const { keyPem, certPem, spki } = await identity;
  const objects = new Map<string, Uint8Array>();
  const server = createServer({ key: keyPem, cert: certPem }, async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const json = (value: unknown) => void response.end(JSON.stringify(value));
    const path = (request.url ?? '').replace('/api/v1', '');
    const soon = new Date(Date.now() + 60_000).toISOString();
    const hash = path.split('/')[2] ?? '';
    if (path === '/sessions/challenges') {
      const challenge = toBase64Url(new Uint8Array(32));
      return json({ challenge, coreSpki: spki, fleet: fleet(), expiresAt: soon, version: '0', addresses: [] });
    }
    if (path === '/sessions') return json({ session: 'session', expiresAt: soon, auditHead: null });
    if (path.endsWith('/releases')) return json({ headers: core.headers, bodies: {} });
    if (path === '/objects/missing') {
      const { hashes } = JSON.parse(body.toString()) as { hashes: string[] };
      return json({ missing: hashes.filter((item) => !objects.has(item)) });
    }
    if (path.startsWith('/objects/') && request.method === 'PUT') {
      objects.set(hash, new Uint8Array(body));
      return json({ hash: sha256Hex(body), sizeBytes: body.length });
    }
    if (path.startsWith('/objects/')) return void response.end(objects.get(hash));
    if (/\/(deploy|stop|start|remove|rollback)$/.test(path)) {
      if (core.refuseWith !== undefined) return void response.writeHead(core.refuseWith).end();
      core.taken.push(JSON.parse(body.toString()) as TestCore['taken'][number]);
      return json({ jobs: ['j'.repeat(26)] });
    }
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const core: TestCore = {
    port: (server.address() as AddressInfo).port,
    spki,
    headers: [],
    objects,
    taken: [],
    refuseWith: undefined,
    stop,
  };
  onTestFinished(stop);
  return core;
}
