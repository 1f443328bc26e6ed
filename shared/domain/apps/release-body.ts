import { z } from 'zod';

const id = z.string().regex(/^[a-z2-7]{26}$/);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const serviceName = z.string().regex(/^[a-zA-Z0-9._-]{1,63}$/);
const secretName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/);
const environmentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/);

/** Where a secret of a release goes inside a service. */
export const secretUseSchema = z.discriminatedUnion('as', [
  /** A read-only memory file at `path` (absolute, default /run/secrets/<name>). */
  z.looseObject({ as: z.literal('file'), service: serviceName, path: z.string().startsWith('/').max(255) }),
  /** A variable that the launcher reads from a memory file and sets just before it execs the image's own program. */
  z.looseObject({ as: z.literal('env'), service: serviceName, env: environmentName }),
]);

/** One secret that a release names: the sealed nodeCopy is bound by its hash. */
export const secretRefSchema = z.looseObject({
  name: secretName,
  sha256: hash,
  uses: z.array(secretUseSchema).max(32),
});

/** One file of the stack, carried as an object and written under a path that contains its hash. */
export const stackFileSchema = z.looseObject({
  path: z.string().min(1).max(255),
  sha256: hash,
  mode: z.number().int().min(0).max(0o777).default(0o444),
});

/** A public name for one port of one service. */
export const routeSchema = z.looseObject({
  routeId: id,
  hostname: z.string().max(253),
  service: serviceName,
  port: z.number().int().min(1).max(65535),
  scheme: z.enum(['http', 'https']).default('http'),
  /** `acme` asks the ingress's resolver; `off` serves plain HTTP. */
  tls: z.enum(['acme', 'off']).default('acme'),
});

/** A DNS record that the named connector keeps for a route. */
export const dnsRecordSchema = z.looseObject({
  routeId: id,
  /** appId of the connector's own release; null: the person makes the record by hand. */
  connector: id.nullable(),
  type: z.enum(['A', 'AAAA', 'CNAME']),
  name: z.string().max(253),
  content: z.string().max(253),
  proxied: z.boolean().default(false),
});

/** A rule of the gates that the owner has set aside for this app, in full view. */
export const exceptionSchema = z.looseObject({
  rule: z.string().max(64),
  service: serviceName.nullable(),
  value: z.string().max(512),
  reason: z.string().max(512),
});

/** How a release is judged once it runs. */
export const policiesSchema = z.looseObject({
  /** How long the app may take to become healthy before the last good release comes back. */
  healthTimeoutMs: z.number().int().min(1_000).max(3_600_000).default(180_000),
  /** How long it must stay healthy (or running, without a health check) to count as good. */
  settleMs: z.number().int().min(0).max(600_000).default(5_000),
});

const common = {
  v: z.literal(1),
  name: z.string().min(1).max(63),
  secrets: z.array(secretRefSchema).max(128).default([]),
};

/** Where the stack of an app came from; no rule of the node depends on it. */
export const appSourceSchema = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('catalog'),
    id: z.string(),
    version: z.string(),
    inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  z.looseObject({ kind: z.literal('compose') }),
]);

/** A Compose app. `state` is what the person wants: a stop or a removal is a release too. */
export const appBodySchema = z.looseObject({
  ...common,
  kind: z.literal('app'),
  state: z.enum(['running', 'stopped', 'removed']),
  /** Exact text of the Compose file (raw YAML, gate 1 reads it). */
  compose: z.string().max(262_144),
  /** Plain variables for interpolation of the Compose file; never secrets. */
  env: z.record(environmentName, z.string().max(32_768)).default({}),
  files: z.array(stackFileSchema).max(256).default([]),
  /** Per service: the reference as written and its digest, or `node` when the node resolves it and reports. */
  images: z.record(serviceName, z.looseObject({ ref: z.string().max(512), digest: z.string().max(128).nullable() })),
  routes: z.array(routeSchema).max(64).default([]),
  dns: z.array(dnsRecordSchema).max(64).default([]),
  policies: policiesSchema.prefault({}),
  exceptions: z.array(exceptionSchema).max(64).default([]),
  /** Only with state `removed`: Compose volume names whose data goes for ever. */
  deleteVolumes: z.array(z.string().max(128)).max(128).default([]),
  /** Goes along so that a rollback brings back the link to the catalogue too. */
  source: appSourceSchema.default({ kind: 'compose' }),
});

/** Traefik as an Overseer-owned stack on this node. */
export const ingressBodySchema = z.looseObject({
  ...common,
  kind: z.literal('ingress'),
  state: z.enum(['running', 'stopped', 'removed']),
  image: z.looseObject({ ref: z.string().max(512), digest: z.string().max(128).nullable() }),
  httpPort: z.number().int().min(1).max(65535).default(80),
  httpsPort: z.number().int().min(1).max(65535).default(443),
  acme: z
    .looseObject({
      email: z.string().max(254),
      caServer: z.url().max(512),
      /** PEM of the CA that signs the ACME server's own TLS, for a private ACME server. */
      caCertificates: z.string().max(65_536).nullable().default(null),
    })
    .nullable(),
  /** Address that records should point at when the person did not give one per route. */
  publicAddresses: z.array(z.string().max(253)).max(8).default([]),
  policies: policiesSchema.prefault({}),
});

/** Gives a node the settings and the sealed credential of one outside system. */
export const connectorBodySchema = z.looseObject({
  ...common,
  kind: z.literal('connector'),
  state: z.enum(['running', 'removed']),
  vendor: z.enum(['cloudflare']),
  settings: z.looseObject({
    /** Base address of the vendor's API; null is the vendor's own. */
    baseUrl: z.url().max(512).nullable().default(null),
    accountId: z.string().max(64).nullable().default(null),
    zones: z.array(z.string().max(253)).max(256).default([]),
  }),
});

/** Opens a folder or device of a node to apps, under a name that their signed exceptions give in place of its path. */
export const openingBodySchema = z.looseObject({
  ...common,
  kind: z.literal('opening'),
  state: z.enum(['running', 'removed']),
  what: z.enum(['folder', 'device']),
  path: z.string().startsWith('/').max(200),
  /** Apps may read and not write it. */
  readOnly: z.boolean().default(false),
});

/** The body of a release: an object named by its hash in the signed header. */
export const releaseBodySchema = z.discriminatedUnion('kind', [
  appBodySchema,
  ingressBodySchema,
  connectorBodySchema,
  openingBodySchema,
]);

export type ReleaseBody = z.output<typeof releaseBodySchema>;
export type AppBody = z.output<typeof appBodySchema>;
export type IngressBody = z.output<typeof ingressBodySchema>;
export type ConnectorBody = z.output<typeof connectorBodySchema>;
export type OpeningBody = z.output<typeof openingBodySchema>;
export type Route = z.output<typeof routeSchema>;
export type DnsRecord = z.output<typeof dnsRecordSchema>;
export type SecretRef = z.output<typeof secretRefSchema>;
export type SecretUse = z.output<typeof secretUseSchema>;
export type Policies = z.output<typeof policiesSchema>;
export type SignedException = z.output<typeof exceptionSchema>;
