import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { SecretUse } from '../release-body.ts';

/** One place in a compose.yaml where a service takes a secret. */
export interface ComposeSecretUse {
  secret: string;
  use: SecretUse;
}

/** The services of a Compose document, by name. */
export function composeServices(document: Document): [string, YAMLMap][] {
  const services = document.get('services', true);
  if (!isMap(services)) return [];
  return services.items.flatMap((pair): [string, YAMLMap][] => {
    const name = isScalar(pair.key) ? String(pair.key.value) : '';
    return isMap(pair.value) ? [[name, pair.value as YAMLMap]] : [];
  });
}

/** Every use of a secret as a file, from the `secrets` of each service in short or long form. */
export function composeSecretUses(document: Document): ComposeSecretUse[] {
  return composeServices(document).flatMap(([service, map]) => {
    const list = map.get('secrets', true);
    if (!isSeq(list)) return [];
    return (list.toJSON() as (string | { source?: string; target?: string })[]).map((entry) => {
      const secret = typeof entry === 'string' ? entry : String(entry.source);
      const target = typeof entry === 'string' ? secret : (entry.target ?? secret);
      return { secret, use: { as: 'file', service, path: target.startsWith('/') ? target : `/run/secrets/${target}` } };
    });
  });
}

/** Reads a compose.yaml so that it can be changed and written again with its comments. */
export const readCompose = (text: string): Document => parseDocument(text, { uniqueKeys: true });

/** The variables that a Compose file asks for: name to default, null where it has none. `$$` is an escaped dollar. */
export function composeVariables(text: string): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const match of text
    .replaceAll('$$', '')
    .matchAll(/\$(?:\{([A-Za-z_]\w*)(?::?([-?+])([^}]*))?\}|([A-Za-z_]\w*))/g)) {
    const [, name = match[4] ?? '', operator, rest] = match;
    found.set(name, operator === '-' ? (rest ?? '') : null);
  }
  return found;
}
