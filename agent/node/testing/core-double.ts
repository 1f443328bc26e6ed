import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type CoreSideConnection, createLinkServer, type LinkServer } from '#agent/link/index.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import { err, fault, randomId, systemRandom } from '#shared/kernel/index.ts';
import { createEnrolmentToken, type Envelope, verifyEnrolmentRequest } from '#shared/trust/index.ts';
import { createTestCore, createTestFleet, type TestFleet } from './test-fleet.ts';

/** The core as a node sees it: enrolment over pinned HTTPS and the link, over real sockets. Its device says yes at once. */
export interface CoreDouble {
  readonly fleet: TestFleet;
  /** A token for this core. */
  token(change?: { genesis?: string; expiresAt?: string; httpPort?: number }): string;
  /** Answers of the next calls, by path: a test sets what it wants to see. */
  readonly behaviour: Behaviour;
  /** Bodies of POST enrolments, in their order. */
  readonly posts: { admit: string; request: string; mac: string }[];
  nextConnection(): Promise<CoreSideConnection>;
  close(): Promise<void>;
}

export interface Behaviour {
  /** Added to the Date header, in milliseconds. */
  clockOffsetMs: number;
  /** Answers POST enrolments with this problem. */
  problem: { status: number; code: string; kind: string } | null;
  /** The device adds the node to the log. */
  accepts: boolean;
  /** The log that `wait` answers with, instead of the fleet's own. */
  log: readonly Envelope[] | null;
  /** Called when a request was posted, before it is answered. */
  onPost: (() => void) | null;
}

/** Starts the double on free ports of 127.0.0.1. */
export async function startCoreDouble(): Promise<CoreDouble> {
  const behaviour: Behaviour = { clockOffsetMs: 0, problem: null, accepts: true, log: null, onPost: null };
  const posts: { admit: string; request: string; mac: string }[] = [];
  const arrivals: CoreSideConnection[] = [];
  const waiting: ((connection: CoreSideConnection) => void)[] = [];
  // The genesis names the ports, so the servers listen before there is a fleet: a port that was only found free may be
  // somebody else's a moment later. Nobody knows them yet, so nobody asks for the fleet before it is there.
  const core = await createTestCore();
  let fleet: TestFleet;
  let parsed: ReturnType<typeof createEnrolmentToken>['parsed'] | undefined;

  const join = async (posted: { request: string; mac: string }): Promise<void> => {
    if (!parsed || !behaviour.accepts) return;
    const node = await verifyEnrolmentRequest(parsed, posted.request, posted.mac);
    if (node.ok && !fleet.state.nodes.has(node.value.nodeId))
      await fleet.addEntry({ kind: 'add-node', node: node.value });
  };
  const https = createServer({ key: core.keyPem, cert: core.certPem }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      response.setHeader('date', new Date(Date.now() + behaviour.clockOffsetMs).toUTCString());
      const answer = (status: number, body: object, type = 'application/json') =>
        response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
      if (request.url === '/healthz') return answer(200, { status: 'ok' });
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
      if (request.url === '/api/v1/enrolments') {
        posts.push(body);
        behaviour.onPost?.();
        if (behaviour.problem) {
          const { status, code, kind } = behaviour.problem;
          const problem = {
            type: `x/${code}`,
            title: code,
            status,
            detail: `because ${code}`,
            code,
            kind,
            next: 'do x',
          };
          return answer(status, problem, 'application/problem+json');
        }
        await join(body);
        return answer(200, { enrolment: randomId(systemRandom) });
      }
      const joined = behaviour.log !== null || fleet.state.nodes.size > 0;
      return answer(200, {
        status: joined ? 'joined' : 'waiting',
        trust: joined ? (behaviour.log ?? fleet.state.entries) : [],
      });
    });
  });
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
  const httpPort = (https.address() as AddressInfo).port;
  const link: LinkServer = await createLinkServer({
    tlsKey: core.keyPem,
    tlsCert: core.certPem,
    host: '127.0.0.1',
    port: 0,
    version: VERSION,
    isKnownPeer: (spki) => [...fleet.state.nodes.values()].find((node) => node.tlsSpki === spki)?.nodeId,
    onConnection(connection) {
      const taker = waiting.shift();
      if (taker) taker(connection);
      else arrivals.push(connection);
    },
    trust: {
      entries: () => fleet.state.entries,
      receive: async () => err(fault('link.unknown-peer', 'denied', 'not here', 'nothing')),
    },
  });
  const linkPort = link.port;
  fleet = await createTestFleet({ httpPort, linkPort, core });
  return {
    fleet,
    behaviour,
    posts,
    token(change = {}) {
      const about = {
        addresses: [{ host: '127.0.0.1', httpPort: change.httpPort ?? httpPort, linkPort }],
        coreSpki: fleet.core.spki,
        genesis: change.genesis ?? fleet.fleet,
        expiresAt: change.expiresAt ?? new Date(Date.now() + 600_000).toISOString(),
      };
      const made = createEnrolmentToken(about, systemRandom);
      parsed = made.parsed;
      return made.token;
    },
    nextConnection: () =>
      new Promise((resolve) => {
        const arrived = arrivals.shift();
        if (arrived) resolve(arrived);
        else waiting.push(resolve);
      }),
    async close() {
      await link.close();
      https.closeAllConnections();
      await new Promise((resolve) => https.close(resolve));
    },
  };
}
