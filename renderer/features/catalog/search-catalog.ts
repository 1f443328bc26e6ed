import type { CatalogCard } from '#shared/contracts/ipc/index.ts';

/** Where in a name the searched letters stand: [start, end) pairs, for marking them. */
export type Marks = readonly (readonly [number, number])[];

export interface CatalogHit {
  readonly card: CatalogCard;
  /** Of the name; empty when the hit is in id or description. */
  readonly marks: Marks;
}

/**
 * Finds apps by what a person types: every word must occur in name, id or description, or be a subsequence of the name
 * ("mnflx" finds Miniflux). Best first: the start of a name, the start of a word, inside the name, letters apart, the
 * description. Equal ones by name. An empty text gives all.
 */
export function searchCatalog(cards: readonly CatalogCard[], text: string): CatalogHit[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const hits: { hit: CatalogHit; score: number }[] = [];
  for (const card of cards) {
    const found = words.map((word) => scoreWord(card, word));
    if (found.some((one) => one === undefined)) continue;
    const good = found.filter((one) => one !== undefined);
    hits.push({
      hit: { card, marks: mergeMarks(good.flatMap((one) => one.marks)) },
      score: good.reduce((sum, one) => sum + one.score, 0),
    });
  }
  return hits.sort((a, b) => b.score - a.score || a.hit.card.name.localeCompare(b.hit.card.name)).map(({ hit }) => hit);
}

function scoreWord(card: CatalogCard, word: string): { score: number; marks: Marks } | undefined {
  const name = card.name.toLowerCase();
  const at = name.indexOf(word);
  if (at >= 0) {
    const score = at === 0 ? 100 : /[\s-]/.test(name[at - 1] ?? '') ? 80 : 60;
    return { score, marks: [[at, at + word.length]] };
  }
  if (card.id.includes(word)) return { score: 55, marks: [] };
  const apart = subsequence(name, word);
  if (apart !== undefined && word.length >= 2) return { score: 40 - apart.length, marks: apart };
  if (card.description.toLowerCase().includes(word)) return { score: 20, marks: [] };
  return undefined;
}

function subsequence(name: string, word: string): Marks | undefined {
  const marks: [number, number][] = [];
  let from = 0;
  for (const letter of word) {
    const at = name.indexOf(letter, from);
    if (at < 0) return undefined;
    const last = marks.at(-1);
    if (last !== undefined && last[1] === at) last[1] = at + 1;
    else marks.push([at, at + 1]);
    from = at + 1;
  }
  return marks;
}

function mergeMarks(marks: Marks): Marks {
  const merged: [number, number][] = [];
  for (const [start, end] of [...marks].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
