import { isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

/** What a plan needs to know of a Compose file without running Compose. The node's gates are the judge, not this. */
export interface ComposeOutline {
  readonly services: readonly {
    readonly name: string;
    readonly image: string | null;
    readonly hasVolumes: boolean;
    readonly publishesPorts: boolean;
    readonly hasHealthcheck: boolean;
  }[];
  readonly volumes: readonly string[];
}

const MAX_BYTES = 262_144;

/** Reads names, images and volumes of a Compose file. Errors name line and column. */
export function parseComposeOutline(text: string): Result<ComposeOutline> {
  if (text.length > MAX_BYTES)
    return refuse(`the Compose file has ${text.length} characters, at most ${MAX_BYTES} are taken`, '');
  const document = parseDocument(text, { maxAliasCount: 100, uniqueKeys: true } as never);
  const problem = document.errors[0];
  if (problem) {
    const position = problem.linePos?.[0];
    const first = problem.message.split('\n')[0] ?? '';
    return refuse(first, position ? `line ${position.line}, column ${position.col}` : '');
  }
  const root = document.contents;
  if (!isMap(root)) return refuse('a Compose file is a mapping with "services"', 'line 1, column 1');
  const services = root.get('services', true);
  if (!isMap(services) || services.items.length === 0)
    return refuse('"services" is missing or empty', 'line 1, column 1');
  const volumes = root.get('volumes', true);
  return ok({
    services: services.items.map((pair) => {
      const name = String(isScalar(pair.key) ? pair.key.value : pair.key);
      const service = isMap(pair.value) ? (pair.value as YAMLMap) : undefined;
      const image = service?.get('image');
      const has = (key: string) => {
        const node = service?.get(key, true);
        return isSeq(node) ? node.items.length > 0 : isMap(node);
      };
      return {
        name,
        image: typeof image === 'string' ? image : null,
        hasVolumes: has('volumes'),
        publishesPorts: has('ports'),
        hasHealthcheck: has('healthcheck'),
      };
    }),
    volumes: isMap(volumes) ? volumes.items.map((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key)) : [],
  });
}

function refuse(message: string, where: string): Result<never> {
  return err(
    fault(
      'compose.invalid',
      'permanent',
      where ? `Compose file, ${where}: ${message}` : `Compose file: ${message}`,
      'Correct the file at that place and plan again.',
      {
        field: 'compose',
      },
    ),
  );
}
