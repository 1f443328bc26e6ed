/**
 * Numbers the strongly connected parts of a directed graph: two nodes share a number exactly when each is reached from
 * the other. Walks with a stack of its own, because a hostile log may be deep.
 */
export function connectedParts<T>(nodes: readonly T[], next: (node: T) => readonly T[]): ReadonlyMap<T, number> {
  const found = new Map<T, { at: number; low: number }>();
  const part = new Map<T, number>();
  const stack: T[] = [];
  let parts = 0;
  for (const start of nodes) {
    if (found.has(start)) continue;
    const walk: { node: T; rest: T[] }[] = [];
    const enter = (node: T): void => {
      found.set(node, { at: found.size, low: found.size });
      stack.push(node);
      walk.push({ node, rest: [...next(node)] });
    };
    enter(start);
    for (let top = walk.at(-1); top !== undefined; top = walk.at(-1)) {
      const { node, rest } = top;
      const mark = found.get(node) as { at: number; low: number };
      const child = rest.pop();
      if (child !== undefined) {
        const seen = found.get(child);
        if (seen === undefined) enter(child);
        else if (!part.has(child)) mark.low = Math.min(mark.low, seen.at);
        continue;
      }
      walk.pop();
      const parent = walk.at(-1);
      const above = parent && found.get(parent.node);
      if (above) above.low = Math.min(above.low, mark.low);
      if (mark.low !== mark.at) continue;
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        part.set(member, parts);
        if (member === node) break;
      }
      parts++;
    }
  }
  return part;
}
