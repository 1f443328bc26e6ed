import { request } from 'node:http';

/** What Traefik says of one router. */
export interface TraefikRouter {
  readonly status: 'enabled' | 'warning' | 'disabled';
  readonly rule: string;
  readonly error?: readonly string[];
}

/** What Traefik says of one service. */
export interface TraefikService {
  readonly status: string;
  readonly loadBalancer?: { readonly servers?: readonly { readonly url: string }[] };
}

/** Reads Traefik's API on the node's loopback. A name that Traefik does not know gives undefined. */
export interface TraefikApi {
  router(name: string): Promise<TraefikRouter | undefined>;
  service(name: string): Promise<TraefikService | undefined>;
}

/** An API behind the node's password. Throws where nothing answers. */
export function createTraefikApi(port: number, password: string): TraefikApi {
  const get = <T>(path: string) =>
    new Promise<T | undefined>((resolve, reject) => {
      const auth = `node:${password}`;
      const asked = request({ host: '127.0.0.1', port, path, auth, timeout: 3_000, agent: false }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          if (answer.statusCode === 404) return resolve(undefined);
          if (answer.statusCode !== 200) return reject(new Error(`Traefik's API answered ${answer.statusCode}`));
          try {
            resolve(JSON.parse(Buffer.concat(parts).toString('utf8')) as T);
          } catch (cause) {
            reject(cause as Error);
          }
        });
      });
      asked.on('timeout', () => asked.destroy(new Error('Traefik’s API did not answer in 3 s')));
      asked.on('error', reject);
      asked.end();
    });
  return {
    router: (name) => get<TraefikRouter>(`/api/http/routers/${name}@file`),
    service: (name) => get<TraefikService>(`/api/http/services/${name}@file`),
  };
}
