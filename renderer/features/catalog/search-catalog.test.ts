import { describe, expect, it } from 'vitest';
import type { CatalogCard } from '#shared/contracts/ipc/index.ts';
import { searchCatalog } from './search-catalog.ts';

const card = (id: string, name: string, description = ''): CatalogCard => ({
  id,
  name,
  description,
  version: '1.0.0',
  website: 'https://example.com',
  icon: null,
});

const cards = [
  card('uptime-kuma', 'Uptime Kuma', 'Watches your sites.'),
  card('miniflux', 'Miniflux', 'A feed reader with its own database.'),
  card('postgres', 'PostgreSQL', 'A database.'),
  card('redis', 'Redis', 'A store in memory.'),
];

const ids = (text: string) => searchCatalog(cards, text).map((hit) => hit.card.id);

describe('search in the catalogue', () => {
  it('gives all by name when nothing is typed', () => {
    expect(ids('  ')).toEqual(['miniflux', 'postgres', 'redis', 'uptime-kuma']);
  });

  it('finds by the start of a name, whatever the case', () => {
    expect(ids('MINI')).toEqual(['miniflux']);
  });

  it('puts the start of a word before the inside of one', () => {
    const list = [card('b', 'Akuma'), card('a', 'Uptime Kuma')];
    expect(searchCatalog(list, 'kuma').map((hit) => hit.card.id)).toEqual(['a', 'b']);
  });

  it('finds letters that stand apart, and marks them', () => {
    const [hit] = searchCatalog(cards, 'mnflx');
    expect(hit?.card.id).toBe('miniflux');
    expect(hit?.marks).toEqual([
      [0, 1],
      [2, 3],
      [4, 6],
      [7, 8],
    ]);
  });

  it('finds in descriptions, after names', () => {
    expect(ids('database')).toEqual(['miniflux', 'postgres']);
    expect(ids('re')[0]).toBe('redis');
  });

  it('wants every word', () => {
    expect(ids('feed reader')).toEqual(['miniflux']);
    expect(ids('feed zebra')).toEqual([]);
  });

  it('takes characters of patterns as they are', () => {
    expect(ids('.*')).toEqual([]);
    expect(ids('(')).toEqual([]);
  });

  it('merges marks that touch', () => {
    expect(searchCatalog(cards, 'mini ini')[0]?.marks).toEqual([[0, 4]]);
  });
});
