import { type Document, isMap, isNode, isSeq, Scalar } from 'yaml';
import { err, fault, ok, type Random, type Result } from '../../../kernel/index.ts';
import type { SecretUse, SignedException } from '../release-body.ts';
import type { CatalogApp, CatalogSecret } from './app-schema.ts';
import { composeSecretUses, composeServices, readCompose } from './compose-secrets.ts';
import { generateSecret } from './generate-secret.ts';
import { type InputValue, parseInputs } from './inputs.ts';
import { fillTemplate } from './template.ts';

/** A folder of the catalogue: app.yaml parsed, compose.yaml and icon.svg as text. */
export interface CatalogEntry {
  app: CatalogApp;
  compose: string;
  icon: string;
}

export interface RenderRequest {
  inputs: Readonly<Record<string, InputValue>>;
  /** The public name, when the app gets a route. */
  hostname?: string;
  /** Values of secrets that exist already, by name: they are kept, so that a new render breaks no database. */
  existingSecrets?: ReadonlyMap<string, string>;
}

export interface RenderedSecret {
  name: string;
  /** In plain text, in memory only: it is sealed at once. */
  value: string;
  uses: SecretUse[];
  description: string;
  shown: boolean;
}

/** A catalogue app turned into what an app's document holds. */
export interface RenderedApp {
  /** compose.yaml without what is only there for running by hand: published ports and secret files. */
  compose: string;
  env: Record<string, string>;
  secrets: RenderedSecret[];
  route: { service: string; port: number; scheme: 'http' | 'https' } | null;
  policies: { healthTimeoutMs: number; settleMs: number };
  exceptions: SignedException[];
  source: { kind: 'catalog'; id: string; version: string; inputs: Record<string, InputValue> };
}

/** Renders an entry. The random source is asked only for secrets that do not exist yet. Error: `catalog.bad-input`. */
export function renderCatalogApp(entry: CatalogEntry, request: RenderRequest, random: Random): Result<RenderedApp> {
  const { app } = entry;
  const inputs = parseInputs(app, request.inputs);
  if (!inputs.ok) return inputs;
  const document = readCompose(entry.compose);
  if (document.errors.length > 0) return unreadable(entry);
  const uses = composeSecretUses(document);
  dropByHandParts(document, app);
  const exceptions = publishPorts(document, app, inputs.value);
  const values = secretValues(app, inputs.value, request.existingSecrets ?? new Map(), random);
  const secrets = Object.entries(app.secrets).flatMap(([name, secret]): RenderedSecret[] => {
    const own: SecretUse[] = [
      ...uses.filter((use) => use.secret === name).map(({ use }) => use),
      ...secret.env.map(({ service, variable }): SecretUse => ({ as: 'env', service, env: variable })),
    ];
    const { description, shown } = secret;
    return [{ name, value: values.get(name) ?? '', uses: own, description, shown }];
  });
  return ok({
    compose: composeText(document),
    env: environment(app, inputs.value, request.hostname),
    secrets,
    route: app.route ? { service: app.route.service, port: app.route.port, scheme: app.route.scheme } : null,
    policies: { healthTimeoutMs: app.health.timeoutSeconds * 1_000, settleMs: app.health.settleSeconds * 1_000 },
    exceptions,
    source: { kind: 'catalog', id: app.id, version: app.version, inputs: Object.fromEntries(inputs.value) },
  });
}

/** Generated first, then derived: a template may name generated secrets and inputs, never another template. */
function secretValues(
  app: CatalogApp,
  inputs: ReadonlyMap<string, InputValue>,
  existing: ReadonlyMap<string, string>,
  random: Random,
): Map<string, string> {
  const values = new Map<string, string>();
  const made = (name: string, secret: CatalogSecret) =>
    'generate' in secret ? generateSecret(random, secret.generate.length, secret.generate.alphabet) : values.get(name);
  for (const [name, secret] of Object.entries(app.secrets)) {
    if ('template' in secret) continue;
    values.set(name, existing.get(name) ?? made(name, secret) ?? '');
  }
  const known = new Map([...[...inputs].map(([name, value]): [string, string] => [name, String(value)]), ...values]);
  for (const [name, secret] of Object.entries(app.secrets))
    if ('template' in secret) values.set(name, fillTemplate(secret.template, known));
  return values;
}

function environment(app: CatalogApp, inputs: ReadonlyMap<string, InputValue>, hostname: string | undefined) {
  const env: Record<string, string> = {};
  for (const [name, input] of Object.entries(app.inputs)) {
    const value = inputs.get(name);
    if (input.env !== undefined && value !== undefined) env[input.env] = String(value);
  }
  if (app.route && hostname !== undefined)
    for (const [variable, template] of Object.entries(app.route.environment))
      env[variable] = fillTemplate(template, new Map([['hostname', hostname]]));
  return env;
}

/** By hand an app is reached by a published port and reads ./secrets; under Overseer the route and memory files do that. */
function dropByHandParts(document: Document, app: CatalogApp): void {
  document.delete('secrets');
  for (const [service, map] of composeServices(document)) {
    map.delete('secrets');
    map.delete('ports');
    const environment = map.get('environment', true);
    for (const secret of Object.values(app.secrets))
      for (const use of secret.env) if (use.service === service && isMap(environment)) environment.delete(use.variable);
  }
}

/** The file without its first comment, which tells how to run it by hand. */
function composeText(document: Document): string {
  document.commentBefore = null;
  const first = isMap(document.contents) ? document.contents.items[0]?.key : undefined;
  for (const node of [document.contents, first]) if (isNode(node)) node.commentBefore = null;
  return `${document.toString({ lineWidth: 0, flowCollectionPadding: false }).trim()}\n`;
}

function publishPorts(document: Document, app: CatalogApp, inputs: ReadonlyMap<string, InputValue>): SignedException[] {
  return app.publish.flatMap((publish): SignedException[] => {
    const host = inputs.get(publish.input);
    if (host === undefined) return [];
    const ports = document.getIn(['services', publish.service, 'ports'], true);
    const text = `${host}:${publish.port}`;
    const node = new Scalar(text);
    node.type = Scalar.QUOTE_SINGLE;
    if (isSeq(ports)) ports.add(node);
    else document.setIn(['services', publish.service, 'ports'], document.createNode([node]));
    return [{ rule: 'publish-port', service: publish.service, value: `${text}/tcp`, reason: publish.reason }];
  });
}

const unreadable = (entry: CatalogEntry): Result<never> =>
  err(
    fault(
      'catalog.bad-compose',
      'permanent',
      `compose.yaml of ${entry.app.id} is not valid YAML: ${readCompose(entry.compose).errors[0]?.message.split('\n')[0]}`,
      'Run the catalogue lint; it names line and column.',
      { field: 'compose' },
    ),
  );
