import { type Alias, isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { COMPOSE_MAX_DEPTH, type ComposeDocument } from './compose-document.ts';

/** One entry of a mapping after aliases and merge keys are followed. */
export interface Entry {
  readonly key: string;
  readonly keyNode: Node | null;
  readonly value: Node | null;
}

/** The node an alias stands for, followed to its end. */
export function resolveNode(compose: ComposeDocument, node: unknown): Node | null {
  let current = node;
  for (let hops = 0; isAlias(current); hops++) {
    if (hops > COMPOSE_MAX_DEPTH) return null;
    current = (current as Alias).resolve(compose.document);
  }
  return (current ?? null) as Node | null;
}

/**
 * The entries of a mapping as Compose will see them: `<<` brings in what it names. A key that is also written out is
 * listed both ways, so that neither spelling escapes its judge. Not a mapping: no entries.
 */
export function entriesOf(compose: ComposeDocument, node: unknown, depth = 0): Entry[] {
  const map = resolveNode(compose, node);
  if (!isMap(map) || depth > COMPOSE_MAX_DEPTH) return [];
  return (map as YAMLMap).items.flatMap((pair) => pairEntries(compose, pair, depth));
}

function pairEntries(compose: ComposeDocument, pair: unknown, depth: number): Entry[] {
  if (!isPair(pair)) return [];
  const { key: rawKey, value: rawValue } = pair as Pair;
  const keyNode = resolveNode(compose, rawKey);
  const key = isScalar(keyNode) ? String(keyNode.value) : '';
  if (key !== '<<') return [{ key, keyNode, value: resolveNode(compose, rawValue) }];
  const merged = resolveNode(compose, rawValue);
  const sources = isSeq(merged) ? merged.items : [merged];
  return sources.flatMap((source) => entriesOf(compose, source, depth + 1));
}

/** The items of a list, aliases followed. Not a list: no items. */
export function itemsOf(compose: ComposeDocument, node: unknown): (Node | null)[] {
  const list = resolveNode(compose, node);
  return isSeq(list) ? list.items.map((item) => resolveNode(compose, item)) : [];
}

/** The text of a scalar; undefined for anything else. */
export function textOf(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  return node.value === null || node.value === undefined ? '' : String(node.source ?? node.value);
}

/** Every node of the document with a tag that was written out, and nesting that is too deep. */
export function findTagged(node: unknown, depth = 0): { tagged: Node | null; isTooDeep: boolean } {
  if (depth > COMPOSE_MAX_DEPTH) return { tagged: null, isTooDeep: true };
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return { tagged: null, isTooDeep: false };
  if (node.tag !== undefined && !/^tag:yaml\.org,2002:(str|map|seq|int|float|bool|null)$/.test(node.tag))
    return { tagged: node, isTooDeep: false };
  if (isScalar(node)) return { tagged: null, isTooDeep: false };
  for (const item of node.items) {
    const children = isPair(item) ? [item.key, item.value] : [item];
    for (const child of children) {
      const found = findTagged(child, depth + 1);
      if (found.tagged || found.isTooDeep) return found;
    }
  }
  return { tagged: null, isTooDeep: false };
}
