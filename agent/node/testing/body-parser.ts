import type { ParserUnderTest } from '#shared/testing/generated/parser-under-test.ts';
import { MAX_BODY_BYTES } from '#shared/trust/index.ts';
import { parseBody } from '../reconcile/verify-release.ts';

const hash = 'f'.repeat(64);
const id = 'a'.repeat(26);

/** The body of a release, as a node reads it once its hash has held. */
export function releaseBody(): ParserUnderTest {
  const app = {
    ...{
      v: 1,
      kind: 'app',
      name: 'tiny',
      state: 'running',
      compose: 'services: {web: {image: lab/web:1}}',
      env: { A: 'b' },
    },
    images: { web: { ref: 'lab/web:1', digest: null } },
    secrets: [{ name: 'password', sha256: hash, uses: [{ as: 'env', service: 'web', env: 'PASSWORD' }] }],
    files: [{ path: 'a.conf', sha256: hash }],
    routes: [{ routeId: id, hostname: 'a.example', service: 'web', port: 80 }],
    dns: [{ routeId: id, connector: null, type: 'A', name: 'a.example', content: '192.0.2.1' }],
    exceptions: [{ rule: 'host-path', service: null, value: '/srv', reason: 'films' }],
  };
  const ingress = {
    ...{ v: 1, kind: 'ingress', name: 'ingress', state: 'running', image: { ref: 'traefik', digest: null } },
    acme: { email: 'a@b.example', caServer: 'https://acme.example/dir' },
  };
  const settings = { zones: ['example.org'] };
  const connector = { v: 1, kind: 'connector', name: 'dns', state: 'running', vendor: 'cloudflare', settings };
  return {
    samples: [app, ingress, connector].map((body) => Buffer.from(JSON.stringify(body))),
    largest: MAX_BODY_BYTES / 2,
    parse: parseBody,
  };
}
