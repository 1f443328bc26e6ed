import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { JobRecord } from '../store/records.ts';
import { createProbe } from './probe.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(answer: (turn: number) => { status: number; body: string }): Promise<number> {
  let turn = 0;
  const server = createServer((_request, response) => {
    const { status, body } = answer(turn++);
    response.writeHead(status).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function probe(url: string, fallbackAddress: string | null, budgetMs = 5_000) {
  const steps: [string, string][] = [];
  await createProbe(async () => [{ url, fallbackAddress }], budgetMs).run({} as JobRecord, (state, text) =>
    steps.push([state, text]),
  );
  return steps;
}

describe('probe', () => {
  test('asks again until the route is live', async () => {
    const port = await serve((turn) =>
      turn === 0 ? { status: 404, body: '404 page not found\n' } : { status: 302, body: '' },
    );
    const steps = await probe(`http://localhost:${port}`, null);
    expect(steps).toEqual([
      ['started', `asking http://localhost:${port}`],
      ['done', `http://localhost:${port} answers 302`],
    ]);
  });

  test('where the name leads nowhere it asks at the address of the record and says so', async () => {
    const port = await serve(() => ({ status: 200, body: 'hello' }));
    const steps = await probe(`http://app.invalid:${port}`, '127.0.0.1');
    expect(steps.at(-1)?.[0]).toBe('done');
    expect(steps.at(-1)?.[1]).toMatch(
      /answers 200 \(asked at 127\.0\.0\.1 directly, because from the core does not answer: ENOTFOUND|EAI_/,
    );
  });

  test('a name below localhost is this machine, whatever its resolver says', async () => {
    const port = await serve(() => ({ status: 200, body: 'hello' }));
    const steps = await probe(`http://feeds.localhost:${port}`, null);
    expect(steps.at(-1)).toEqual(['done', `http://feeds.localhost:${port} answers 200`]);
  });

  test('what never answers is a finding with its reason, after its time', async () => {
    const port = await serve(() => ({ status: 502, body: '' }));
    const steps = await probe(`http://localhost:${port}`, null, 50);
    expect(steps.at(-1)).toEqual(['failed', `http://localhost:${port} answers 502: the app is not behind it yet`]);
  });
});
