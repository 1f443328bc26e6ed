import { type CatalogEntry, renderCatalogApp } from '#shared/domain/apps/catalog/index.ts';
import { parseComposeOutline, type SecretUse } from '#shared/domain/apps/index.ts';
import { ok, type Random, type Result, utf8 } from '#shared/kernel/index.ts';
import { type AppWish, NO_WISH, type RouteWish, type SecretWish } from './app-wish.ts';
import { takeComposeSecrets } from './compose-secrets.ts';

/** What the source of an app says: a wish, and where its Compose file's secrets go, whose values come from elsewhere. */
export interface SourceWish {
  readonly wish: AppWish;
  readonly composeUses: ReadonlyMap<string, readonly SecretUse[]>;
}

/** What the person chose of a catalogue app. */
export interface CatalogChoice {
  readonly inputs: Readonly<Record<string, string | number | boolean>>;
  readonly hostname?: string | undefined;
  /** Present values of secrets by name: a new rendering keeps them, so that no database loses its password. */
  readonly secretValues: ReadonlyMap<string, string>;
}

/** Renders a catalogue app into a wish, with a route where a name was chosen. Errors: `catalog.bad-input`. */
export function wishFromCatalog(entry: CatalogEntry, choice: CatalogChoice, random: Random): Result<SourceWish> {
  const { inputs, hostname, secretValues } = choice;
  const rendered = renderCatalogApp(
    entry,
    { inputs, ...(hostname === undefined ? {} : { hostname }), existingSecrets: secretValues },
    random,
  );
  if (!rendered.ok) return rendered;
  const { value } = rendered;
  const secrets = value.secrets.map((secret): [string, SecretWish] => [
    secret.name,
    { value: utf8(secret.value), uses: secret.uses },
  ]);
  return ok({
    wish: {
      source: value.source,
      compose: value.compose,
      env: new Map(Object.entries(value.env)),
      secrets: new Map(secrets),
      route: value.route && hostname !== undefined ? toRouteWish(value.route, hostname) : undefined,
      exceptions: value.exceptions,
      policies: value.policies,
    },
    composeUses: new Map(),
  });
}

/** The wish of a Compose file; its `secrets` are taken out of it. */
export function wishFromCompose(text: string): Result<SourceWish> {
  const outline = parseComposeOutline(text);
  if (!outline.ok) return outline;
  const { compose, uses } = takeComposeSecrets(text);
  return ok({ wish: { ...NO_WISH, source: { kind: 'compose' }, compose }, composeUses: uses });
}

/** Adds values of secrets to a source; where no use was given, the one in the Compose file counts. */
export function withSecrets(source: SourceWish, given: ReadonlyMap<string, SecretWish>): AppWish {
  const secrets = new Map([...source.wish.secrets, ...given]);
  for (const [name, secret] of secrets) {
    if (secret.uses === undefined && source.composeUses.has(name))
      secrets.set(name, { ...secret, uses: source.composeUses.get(name) });
  }
  return { ...source.wish, secrets };
}

function toRouteWish(route: { service: string; port: number; scheme: 'http' | 'https' }, hostname: string): RouteWish {
  return { hostname, ...route, address: undefined, dns: undefined, tls: undefined };
}
