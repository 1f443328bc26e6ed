import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { watchEngine } from './engine-events.ts';

const folder = mkdtempSync(join(tmpdir(), 'engine-events-'));
const socketPath = join(folder, 'engine.sock');
const server = createServer();
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

test('a watch that is stopped before the engine answers holds no connection', async () => {
  server.listen(socketPath);
  await once(server, 'listening');
  let told = 0;
  const asked = once(server, 'request');
  const watch = watchEngine({ socketPath, label: 'a=b', onEvent: () => told++, onBack: () => told++ });
  const [, response] = (await asked) as [unknown, ServerResponse];
  const closed = once(response, 'close');
  watch.stop();
  response.writeHead(200).write('{}');
  await closed;
  expect(told).toBe(0);
});
