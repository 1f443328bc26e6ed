import { isMap, isSeq, parseDocument } from 'yaml';
import type { SecretUse } from '#shared/domain/apps/index.ts';

/**
 * Takes the `secrets` out of a Compose file: their values are sealed, so where each goes stands in the release and the
 * node makes the memory files. Other lines, comments too, stay as they were written.
 */
export function takeComposeSecrets(text: string): { compose: string; uses: ReadonlyMap<string, readonly SecretUse[]> } {
  const document = parseDocument(text, { uniqueKeys: true });
  const services = document.get('services', true);
  const uses = new Map<string, SecretUse[]>();
  for (const pair of isMap(services) ? services.items : []) {
    const service = String((pair.key as { value?: unknown }).value ?? '');
    const list = isMap(pair.value) ? pair.value.get('secrets', true) : undefined;
    if (!isMap(pair.value) || !isSeq(list)) continue;
    for (const entry of list.toJSON() as (string | { source?: string; target?: string })[]) {
      const name = typeof entry === 'string' ? entry : String(entry.source);
      const target = typeof entry === 'string' ? name : (entry.target ?? name);
      const path = target.startsWith('/') ? target : `/run/secrets/${target}`;
      uses.set(name, [...(uses.get(name) ?? []), { as: 'file', service, path }]);
    }
    pair.value.delete('secrets');
  }
  if (uses.size === 0) return { compose: text, uses };
  document.delete('secrets');
  return { compose: document.toString({ lineWidth: 0 }), uses };
}
