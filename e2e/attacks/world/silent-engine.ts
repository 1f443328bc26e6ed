import { createServer } from 'node:http';
import { join } from 'node:path';
import { ensureParts, partFolder } from '#world/cache/part.ts';
import { compose } from '#world/cache/parts/compose.ts';

/** A socket on which an engine answers that has nothing and starts nothing, beside the real Compose. */
export interface SilentEngine {
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts it. What comes before an engine is asked to pull (gates, files, secrets) can be seen with it. */
export async function startSilentEngine(folder: string): Promise<SilentEngine> {
  await ensureParts([compose], () => undefined);
  const socket = join(folder, 'engine.sock');
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/v[\d.]+/, '').split('?')[0] ?? '';
    if (path === '/events') return response.writeHead(200).flushHeaders();
    const lists: Record<string, unknown> = {
      '/_ping': 'OK',
      '/version': { Version: '28.0.0', ApiVersion: '1.48' },
      '/containers/json': [],
      '/networks': [],
      '/volumes': { Volumes: [] },
    };
    const known = request.method === 'GET' ? lists[path] : undefined;
    response.writeHead(known === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(known ?? { message: 'this engine has nothing' }));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    environment: {
      DOCKER_HOST: `unix://${socket}`,
      OVERSEER_COMPOSE_BIN: join(partFolder(compose), 'docker-compose'),
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
