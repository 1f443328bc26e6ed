import { createServer } from 'node:net';
import type { DockerCli } from './at-hand-engine.ts';

/** A free port of loopback, chosen by the system. */
export async function freeLoopbackPort(): Promise<number> {
  const port = await listenOnce(0, '127.0.0.1');
  if (port === null) throw new Error('loopback gives no port');
  return port;
}

/** The first port from `wish` on that no program and no container of this machine holds. */
export async function freePort(docker: DockerCli, wish: number): Promise<number> {
  const published = await docker(['ps', '--format', '{{.Ports}}']);
  const taken = new Set([...published.matchAll(/:(\d+)->/g)].map((match) => Number(match[1])));
  for (let port = wish; port < wish + 1_000; port++) {
    if (taken.has(port)) continue;
    if ((await listenOnce(port, '0.0.0.0')) !== null && (await listenOnce(port, '::')) !== null) return port;
  }
  throw new Error(`no port from ${wish} on is free`);
}

/** The port, or null when something holds it. A machine without that address family holds nothing there. */
function listenOnce(port: number, host: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EADDRINUSE' || cause.code === 'EACCES') resolve(null);
      else if (cause.code === 'EADDRNOTAVAIL' || cause.code === 'EAFNOSUPPORT') resolve(port);
      else reject(cause);
    });
    server.listen({ port, host, ipv6Only: host === '::' }, () => {
      const address = server.address();
      const found = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(found));
    });
  });
}
