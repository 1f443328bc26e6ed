import {
  type AppWish,
  type CatalogPort,
  NO_WISH,
  type RouteWish,
  type SecretWish,
  type SourceWish,
  wishFromCatalog,
  wishFromCompose,
  withSecrets,
} from '#shared/device/index.ts';
import type { AppView, SecretUse, SignedException } from '#shared/domain/apps/index.ts';
import { decideException } from '#shared/domain/policies/index.ts';
import { err, ok, type Random, type Result, utf8ToText } from '#shared/kernel/index.ts';
import { badOption, fileOption, numberOption, pairsOption, type VerbInput } from '../options.ts';

export interface WishContext {
  readonly catalog: CatalogPort;
  readonly random: Random;
  /** The app as it is; undefined for a new one. */
  readonly present: AppView | undefined;
  /** Present values of secrets by name: a new rendering keeps them, so that no database loses its password. */
  readonly secretValues: ReadonlyMap<string, string>;
}

/** Reads options, the catalogue and files into a wish. Changes nothing. */
export async function readAppWish(input: VerbInput, context: WishContext): Promise<Result<AppWish>> {
  const catalog = input.text('catalog');
  const composeFile = input.text('compose');
  if (catalog !== undefined && composeFile !== undefined) {
    return err(
      badOption('cli.bad-option', '--compose', 'an app has one source', 'Give --catalog or --compose, not both.'),
    );
  }
  const source = await readSource(input, context, catalog, composeFile);
  if (!source.ok) return source;
  const base = source.value.wish;
  const env = pairsOption(input, 'env', '--env');
  if (!env.ok) return env;
  const secrets = readSecretFiles(input);
  if (!secrets.ok) return secrets;
  const route = readRoute(input, base.route);
  if (!route.ok) return route;
  const exceptions = readExceptions(input);
  if (!exceptions.ok) return exceptions;
  const timeout = numberOption(input, 'healthTimeout', '--health-timeout', 1, 3_600);
  if (!timeout.ok) return timeout;
  const policies = base.policies ?? (timeout.value === undefined ? undefined : context.present?.policies);
  const settleMs = policies?.settleMs ?? 5_000;
  return ok({
    ...withSecrets(source.value, secrets.value),
    env: new Map([...base.env, ...env.value]),
    route: route.value,
    exceptions: [...base.exceptions, ...exceptions.value],
    policies: timeout.value === undefined ? policies : { healthTimeoutMs: timeout.value * 1_000, settleMs },
  });
}

async function readSource(
  input: VerbInput,
  context: WishContext,
  catalog: string | undefined,
  composeFile: string | undefined,
): Promise<Result<SourceWish>> {
  if (composeFile !== undefined) return readComposeFile(composeFile);
  const { present } = context;
  const source = present?.source.kind === 'catalog' ? present.source : undefined;
  // A new input or name changes what the catalogue renders, so it is rendered again; else the stack stays as signed.
  const again = input.list('input').length > 0 || input.text('host') !== undefined;
  const id = catalog ?? (again ? source?.id : undefined);
  if (id !== undefined) return renderFromCatalog(input, context, id, source?.id === id ? source.inputs : {});
  if (input.list('input').length > 0) {
    return err(
      badOption('cli.bad-option', '--input', 'only catalogue apps have inputs', 'Use --env for a Compose app.'),
    );
  }
  if (present !== undefined) return ok({ wish: NO_WISH, composeUses: new Map() });
  return err(
    badOption(
      'cli.missing-option',
      '--catalog',
      `there is no app "${input.arg(0)}" yet, and nothing says what it is`,
      'Give --catalog ID or --compose FILE.',
    ),
  );
}

function readComposeFile(path: string): Result<SourceWish> {
  const file = fileOption(path, '--compose', 262_144);
  if (!file.ok) return file;
  let text: string;
  try {
    text = utf8ToText(file.value);
  } catch {
    return err(badOption('cli.bad-option', '--compose', `${path} is not UTF-8 text`, 'Save it as UTF-8.'));
  }
  return wishFromCompose(text);
}

async function renderFromCatalog(
  input: VerbInput,
  context: WishContext,
  id: string,
  before: Readonly<Record<string, string | number | boolean>>,
): Promise<Result<SourceWish>> {
  const entry = await context.catalog.read(id);
  if (!entry.ok) return entry;
  const given = pairsOption(input, 'input', '--input');
  if (!given.ok) return given;
  const choice = {
    inputs: { ...before, ...Object.fromEntries(given.value) },
    hostname: input.text('host') ?? context.present?.routes[0]?.hostname,
    secretValues: context.secretValues,
  };
  return wishFromCatalog(entry.value, choice, context.random);
}

function readSecretFiles(input: VerbInput): Result<AppWish['secrets']> {
  const files = pairsOption(input, 'secretFile', '--secret-file');
  if (!files.ok) return files;
  const uses = pairsOption(input, 'secretUse', '--secret-use');
  if (!uses.ok) return uses;
  const secrets = new Map<string, SecretWish>();
  for (const [name, path] of files.value) {
    const file = fileOption(path, '--secret-file', 256 * 1024);
    if (!file.ok) return file;
    const written = uses.value.get(name);
    const use = written === undefined ? undefined : parseSecretUse(written, '--secret-use', name);
    if (use && !use.ok) return use;
    secrets.set(name, { value: file.value, uses: use ? [use.value] : undefined });
  }
  return ok(secrets);
}

/** Where a secret goes, as typed: `service:/path` or `service:VARIABLE`. */
export function parseSecretUse(text: string, flag: string, name?: string): Result<SecretUse> {
  const at = text.indexOf(':');
  const service = text.slice(0, at);
  const target = text.slice(at + 1);
  if (at > 0 && target.startsWith('/')) return ok({ as: 'file', service, path: target });
  if (at > 0 && /^[A-Za-z_]\w*$/.test(target)) return ok({ as: 'env', service, env: target });
  const shape = name === undefined ? '' : 'NAME=';
  const given = name === undefined ? text : `${name}=${text}`;
  return err(
    badOption(
      'cli.bad-option',
      flag,
      `"${given}" does not say where it goes`,
      `Write ${shape}SERVICE:/path or ${shape}SERVICE:VARIABLE.`,
    ),
  );
}

/** Reads the options about the name of an app. */
export function readRoute(input: VerbInput, base: RouteWish | undefined): Result<RouteWish | undefined> {
  const port = numberOption(input, 'port', '--port', 1, 65_535);
  if (!port.ok) return port;
  const dns = oneOf(input, 'dns', '--dns', ['auto', 'manual', 'off'] as const);
  if (!dns.ok) return dns;
  const tls = oneOf(input, 'tls', '--tls', ['acme', 'off'] as const);
  if (!tls.ok) return tls;
  const hostname = input.text('host')?.toLowerCase().replace(/\.$/, '');
  if (
    hostname !== undefined &&
    !/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/.test(hostname)
  ) {
    return err(
      badOption(
        'cli.bad-option',
        '--host',
        `"${hostname}" is not a host name`,
        'Write a name such as app.example.com.',
      ),
    );
  }
  const wish: RouteWish = {
    hostname,
    service: input.text('service') ?? base?.service,
    port: port.value ?? base?.port,
    scheme: base?.scheme,
    address: input.text('address'),
    dns: dns.value,
    tls: tls.value,
  };
  const asked = [hostname, input.text('service'), port.value, wish.address, wish.dns, wish.tls];
  return ok(asked.some((value) => value !== undefined) ? wish : undefined);
}

function oneOf<T extends string>(
  input: VerbInput,
  name: string,
  flag: string,
  values: readonly T[],
): Result<T | undefined> {
  const text = input.text(name);
  if (text === undefined) return ok(undefined);
  const found = values.find((value) => value === text);
  return found
    ? ok(found)
    : err(badOption('cli.bad-option', flag, `"${text}"`, `Choose one of: ${values.join(', ')}.`));
}

function readExceptions(input: VerbInput): Result<SignedException[]> {
  const reason = input.text('reason');
  const exceptions: SignedException[] = [];
  for (const item of input.list('allow')) {
    const [rule = '', service = '', ...rest] = item.split(':');
    const value = rest.join(':');
    if (rule === '' || value === '') {
      return err(
        badOption('cli.bad-option', '--allow', `"${item}" is not RULE:SERVICE:VALUE`, 'The refusal names all three.'),
      );
    }
    const possible = decideException(rule);
    if (!possible.ok) return possible;
    if (!reason) {
      return err(
        badOption('cli.missing-option', '--reason', 'an exception needs a reason', 'It stands in the signed release.'),
      );
    }
    exceptions.push({ rule, service: service === '' ? null : service, value, reason });
  }
  return ok(exceptions);
}
