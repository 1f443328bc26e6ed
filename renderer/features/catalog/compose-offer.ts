import { isMap, isScalar, isSeq } from 'yaml';
import {
  composeSecretUses,
  composeServices,
  composeVariables,
  readCompose,
} from '#shared/domain/apps/catalog/compose-secrets.ts';
import type { SecretUse } from '#shared/domain/apps/index.ts';

/** What a pasted Compose file lets a person choose. Empty while it can not be read: the findings then say why. */
export interface ComposeOffer {
  readonly services: readonly {
    readonly name: string;
    readonly image: string | null;
    /** Container ports that it names, the likeliest for HTTP first. */
    readonly ports: readonly number[];
  }[];
  /** Secrets that services take as files, each to be given a value or one made at random. */
  readonly secrets: readonly { readonly name: string; readonly uses: readonly SecretUse[] }[];
  /** Variables with no default: to be set under the app's environment. */
  readonly variables: readonly string[];
}

const nothing: ComposeOffer = { services: [], secrets: [], variables: [] };
const MAX_CHARACTERS = 262_144;
const web = [80, 8080, 3000, 8000, 8443, 443, 5000, 9000];

/** Reads what a Compose file offers to choose from. Never throws: whatever is typed half is an empty offer. */
export function readComposeOffer(text: string): ComposeOffer {
  if (text.trim() === '' || text.length > MAX_CHARACTERS) return nothing;
  const document = readCompose(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return nothing;
  try {
    const secrets = new Map<string, SecretUse[]>();
    for (const { secret, use } of composeSecretUses(document))
      secrets.set(secret, [...(secrets.get(secret) ?? []), use]);
    return {
      services: composeServices(document).map(([name, map]) => {
        const image = map.get('image');
        return { name, image: typeof image === 'string' ? image : null, ports: portsOf(map) };
      }),
      secrets: [...secrets].map(([name, uses]) => ({ name, uses })),
      variables: [...composeVariables(text)].filter(([, preset]) => preset === null).map(([name]) => name),
    };
  } catch {
    // An alias without its anchor or a list of the wrong things; judgeCompose names the place.
    return nothing;
  }
}

function portsOf(service: { get(key: string, keep: true): unknown }): number[] {
  const found = ['expose', 'ports'].flatMap((key) => {
    const list = service.get(key, true);
    if (!isSeq(list)) return [];
    return list.items.flatMap((item) =>
      containerPort(isScalar(item) ? item.value : isMap(item) ? item.get('target') : ''),
    );
  });
  const rank = (port: number) => (web.includes(port) ? web.indexOf(port) : web.length);
  return [...new Set(found)].sort((a, b) => rank(a) - rank(b));
}

/** `8080`, `80:8080`, `127.0.0.1:80:8080/tcp`: the last number is the container's. */
function containerPort(value: unknown): number[] {
  const match = /(?:^|:)(\d{1,5})(?:\/tcp)?$/.exec(String(value));
  const port = Number(match?.[1]);
  return match !== null && port >= 1 && port <= 65_535 ? [port] : [];
}
