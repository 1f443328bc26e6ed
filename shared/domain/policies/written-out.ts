import { type Document, isAlias, isCollection, isPair, type Node } from 'yaml';

/**
 * How many nodes a document has once every alias is written out, without writing any out: each anchor is counted once.
 * Infinity where an alias leads into itself. Counting stops above `limit`.
 */
export function writtenOut(document: Document, limit: number): number {
  const known = new Map<unknown, number>();
  const sizeOf = (node: unknown): number => {
    if (isAlias(node)) return sizeOf(node.resolve(document));
    if (isPair(node)) return sizeOf(node.key) + sizeOf(node.value);
    if (!isCollection(node)) return 1;
    const found = known.get(node);
    if (found !== undefined) return found;
    // Until it is counted it is without end: whoever comes here again came through itself.
    known.set(node, Number.POSITIVE_INFINITY);
    let size = 1;
    for (const item of node.items as Node[]) {
      size += sizeOf(item);
      if (size > limit) break;
    }
    known.set(node, size);
    return size;
  };
  return sizeOf(document.contents);
}
