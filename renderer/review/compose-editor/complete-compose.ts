import { findPlace, namesBelow, type Place } from './compose-place.ts';
import { composeSchema, type NameKind, type SchemaNode } from './compose-schema.ts';

/** One thing that could stand at the cursor. */
export interface Offer {
  readonly label: string;
  /** What is written; the cursor stands behind it. */
  readonly insert: string;
  readonly kind: 'key' | 'value' | 'name' | 'variable';
  readonly about: string | null;
}

/** What the app knows besides its Compose file. */
export interface AppNames {
  readonly secrets: readonly string[];
  readonly variables: readonly string[];
}

/** What can stand at an offset of a Compose file, and where the text to replace begins; null when nothing is known. */
export function completeCompose(
  text: string,
  offset: number,
  names: AppNames,
): { from: number; offers: Offer[] } | null {
  const variable = /\$\{([A-Za-z0-9_]*)$/.exec(text.slice(Math.max(0, offset - 130), offset));
  if (variable) {
    const offers = names.variables.map((name): Offer => {
      const isClosed = text[offset] === '}';
      return { label: name, insert: isClosed ? name : `${name}}`, kind: 'variable', about: null };
    });
    return { from: offset - (variable[1]?.length ?? 0), offers };
  }
  const place = findPlace(text, offset);
  if (place === null) return null;
  const node = nodeAt(place.path);
  if (node === null) return null;
  const known = (kind: NameKind | undefined): Offer[] =>
    kind === undefined ? [] : namesOf(kind, text, names).map((name) => nameOffer(name, kind));
  const offers =
    place.kind === 'value'
      ? [...(node.values ?? []).map(valueOffer), ...known(node.names)]
      : [
          ...keyOffers(node, place),
          ...known(node.entryNames).map(asKey).filter(notIn(place)),
          ...itemOffers(node, place, known),
        ];
  return offers.length === 0 ? null : { from: place.from, offers };
}

/** The schema at a path; null where the file is free. */
function nodeAt(path: readonly string[]): SchemaNode | null {
  let node: SchemaNode | undefined = composeSchema;
  for (const step of path) {
    if (step === '[]') node = node?.item;
    else node = (node?.keys && Object.hasOwn(node.keys, step) ? node.keys[step] : undefined) ?? node?.entry;
    if (node === undefined) return null;
  }
  return node;
}

function keyOffers(node: SchemaNode, place: Place): Offer[] {
  return Object.entries(node.keys ?? {})
    .map(
      ([key, below]): Offer => ({
        label: key,
        insert: keyText(key, below, place),
        kind: 'key',
        about: below.about ?? null,
      }),
    )
    .filter(notIn(place));
}

/** A key with what begins behind it: a new line for a mapping, a dash for a list, a space for a value. */
function keyText(key: string, below: SchemaNode, place: Place): string {
  const indent = ' '.repeat(place.indent + 2);
  if (below.entry || (below.keys && !below.item)) return `${key}:\n${indent}`;
  if (below.item) return `${key}:\n${indent}- `;
  return `${key}: `;
}

/** Values of a list's item: they stand where a key could begin too. */
function itemOffers(node: SchemaNode, place: Place, known: (kind: NameKind | undefined) => Offer[]): Offer[] {
  if (place.path.at(-1) !== '[]') return [];
  return [...(node.values ?? []).map(valueOffer), ...known(node.names)];
}

function namesOf(kind: NameKind, text: string, names: AppNames): readonly string[] {
  if (kind === 'secret') return names.secrets;
  return namesBelow(text, `${kind}s`);
}

const valueOffer = (value: string): Offer => ({ label: value, insert: value, kind: 'value', about: null });
const nameOffer = (name: string, kind: NameKind): Offer => ({
  label: name,
  insert: kind === 'volume' ? `${name}:` : name,
  kind: 'name',
  about: kind,
});
const asKey = (offer: Offer): Offer => ({ ...offer, insert: `${offer.label}:` });
const notIn =
  (place: Place) =>
  (offer: Offer): boolean =>
    !place.siblings.includes(offer.label);
