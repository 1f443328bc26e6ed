/** Loaded into a core by `--import`, after OVERSEER_SPOIL: what a request for its state then does to it is what must be noticed. */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The ways in which a core can go wrong. */
export const SPOILS = ['spins', 'swells', 'ends', 'fails', 'is silent'] as const;

const kept: Buffer[] = [];

const ways: Record<(typeof SPOILS)[number], (response: ServerResponse) => void> = {
  spins() {
    const until = process.threadCpuUsage().user + 150_000;
    while (process.threadCpuUsage().user < until);
  },
  swells: () => void kept.push(Buffer.alloc(100 * 1024 * 1024, 1)),
  ends: () => process.exit(3),
  fails(response) {
    const { writeHead } = response;
    response.writeHead = ((_status: number, ...rest: never[]) => writeHead.call(response, 500, ...rest)) as never;
  },
  'is silent'(response) {
    response.writeHead = (() => response) as never;
    response.write = (() => true) as never;
    response.end = (() => response) as never;
  },
};

const way = process.env.OVERSEER_SPOIL as (typeof SPOILS)[number] | undefined;
if (way !== undefined)
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (request.url === '/readyz') ways[way](response);
  });
