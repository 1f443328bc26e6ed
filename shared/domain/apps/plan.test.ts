import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planHash, planRelease } from './plan.ts';
import { type AppBody, appBodySchema, connectorBodySchema, ingressBodySchema } from './release-body.ts';

const ROUTE = 'r'.repeat(26);
const HASH = '0'.repeat(64);
const WEB = 'services:\n  web:\n    image: lab/web:1\n';
const DATABASE =
  'services:\n  db:\n    image: postgres:18\n    volumes:\n      - data:/var/lib/postgresql\nvolumes:\n  data: {}\n';

function app(fields: Record<string, unknown> = {}): AppBody {
  return appBodySchema.parse({
    v: 1,
    kind: 'app',
    name: 'feeds',
    state: 'running',
    compose: WEB,
    images: { web: { ref: 'lab/web:1', digest: null } },
    ...fields,
  });
}

const route = { routeId: ROUTE, hostname: 'feeds.lab.example', service: 'web', port: 80 };
const record = { routeId: ROUTE, connector: null, type: 'A', name: 'feeds.lab.example', content: '192.0.2.1' };

describe('planRelease', () => {
  it('P2: shows stack, route, DNS record and certificate of a first deploy, and what is left to do by hand', () => {
    const plan = planRelease({ previous: null, next: app({ routes: [route], dns: [record] }) });
    expect(plan.lines.map((line) => `${line.change} ${line.subject}: ${line.text}`)).toEqual([
      'add state: run feeds',
      'add image: web: lab/web:1 (the node resolves the digest and keeps it)',
      'add route: https://feeds.lab.example to web:80',
      'add dns: feeds.lab.example A 192.0.2.1 (by hand)',
      'add certificate: feeds.lab.example, from the ingress’s ACME server',
    ]);
    expect(plan.byHand).toEqual(['make the DNS record feeds.lab.example A 192.0.2.1']);
    expect(plan.downtime.kind).toBe('none');
  });

  it('P6: says that a service without state serves on while it changes, and that one with a volume does not', () => {
    const next = app({ images: { web: { ref: 'lab/web:2', digest: null } } });
    expect(planRelease({ previous: app(), next }).downtime.kind).toBe('none');
    const images = (ref: string) => ({ compose: DATABASE, images: { db: { ref, digest: null } } });
    const restart = planRelease({ previous: app(images('postgres:17')), next: app(images('postgres:18')) });
    expect(restart.downtime).toEqual({
      kind: 'restart',
      text: 'serving stops while db restarts, as long as it takes to become healthy',
    });
  });

  it('P4: a removal keeps volumes unless it names them, and then says so for each', () => {
    const previous = app({ compose: DATABASE, images: {} });
    expect(planRelease({ previous, next: app({ ...previous, state: 'removed' }) }).lines[0]?.text).toBe(
      'remove feeds; its volumes stay',
    );
    const deleting = planRelease({ previous, next: app({ ...previous, state: 'removed', deleteVolumes: ['data'] }) });
    expect(deleting.lines).toContainEqual({
      id: 'volume:data',
      subject: 'volume',
      change: 'remove',
      text: 'data: its data is deleted for ever',
    });
  });

  it('P7: never shows a secret’s value, only its name, place and that it is new', () => {
    const secret = (sha256: string) => ({
      secrets: [{ name: 'token', sha256, uses: [{ as: 'env', service: 'web', env: 'TOKEN' }] }],
    });
    const plan = planRelease({ previous: app(secret(HASH)), next: app(secret('1'.repeat(64))) });
    expect(plan.lines).toEqual([
      {
        id: 'secret:token',
        subject: 'secret',
        change: 'change',
        text: 'token, given to web as TOKEN (new value; the one before runs until this is deployed)',
      },
    ]);
  });

  it('compares ingress and connector settings by name', () => {
    const ingress = (httpPort: number) =>
      ingressBodySchema.parse({
        v: 1,
        kind: 'ingress',
        name: 'ingress',
        state: 'running',
        image: { ref: 'traefik:v3.7', digest: null },
        httpPort,
        acme: null,
      });
    const plan = planRelease({ previous: ingressBodySchema.parse(ingress(80)), next: ingress(8080) });
    expect(plan.lines.map((line) => line.text)).toEqual(['httpPort: 80 → httpPort: 8080']);
    expect(plan.downtime.kind).toBe('restart');
  });

  it('blocks a release that turns one kind of thing into another', () => {
    const next = connectorBodySchema.parse({
      v: 1,
      kind: 'connector',
      name: 'cloudflare',
      state: 'running',
      vendor: 'cloudflare',
      settings: {},
    });
    expect(planRelease({ previous: app(), next }).blocked[0]?.code).toBe('plan.kind-changed');
  });
});

const bodies = fc.record({
  compose: fc.constantFrom(WEB, DATABASE),
  state: fc.constantFrom('running', 'stopped', 'removed'),
  env: fc.dictionary(fc.stringMatching(/^[A-Z]{1,4}$/), fc.string({ maxLength: 8 }), { maxKeys: 3 }),
  images: fc.dictionary(
    fc.constantFrom('web', 'db'),
    fc.record({ ref: fc.constantFrom('a:1', 'a:2'), digest: fc.constant(null) }),
  ),
  routes: fc.uniqueArray(
    fc.record({
      routeId: fc.constantFrom('r'.repeat(26), 's'.repeat(26)),
      hostname: fc.constantFrom('a.example', 'b.example'),
      service: fc.constant('web'),
      port: fc.constantFrom(80, 81),
    }),
    { selector: (item) => item.routeId },
  ),
});

describe('planRelease, for any bodies', () => {
  it('P2: the same body twice is an empty plan', () => {
    fc.assert(
      fc.property(bodies, (fields) => {
        expect(planRelease({ previous: app(fields), next: app(fields) }).lines).toEqual([]);
      }),
    );
  });

  it('P2: a body that differs in what runs is never an empty plan, and the hash follows the lines', () => {
    fc.assert(
      fc.property(bodies, bodies, (a, b) => {
        const from = app({ ...a, state: 'running' });
        const to = app({ ...b, state: 'running' });
        const plan = planRelease({ previous: from, next: to });
        expect(plan.lines.length === 0).toBe(sameContent(from, to));
        expect(planHash(plan)).toBe(planHash(planRelease({ previous: from, next: to })));
        expect(new Set(plan.lines.map((line) => line.id)).size).toBe(plan.lines.length);
      }),
    );
  });
});

function sameContent(a: AppBody, b: AppBody): boolean {
  const view = (body: AppBody) =>
    JSON.stringify([
      body.compose,
      Object.entries(body.env).sort(),
      Object.entries(body.images).sort(),
      [...body.routes].sort((x, y) => (x.routeId < y.routeId ? -1 : 1)),
    ]);
  return view(a) === view(b);
}
