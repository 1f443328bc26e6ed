import { describe, expect, it } from 'vitest';
import { changesToLines } from './edit-lines.ts';

const [id, other] = ['a'.repeat(26), 'b'.repeat(26)];
const value = (path: string, written: string | number | null | object) =>
  ({ path, isText: false, value: written }) as { path: string; isText: boolean; value: string };

describe('the lines of an edit', () => {
  it('are one for each field of the document and one for each item, by the name a person gave it', () => {
    const present = new Map([[`routes/${other}/hostname`, { value: 'feeds.example.com' }]]);
    const changes = [
      { path: 'compose', isText: true, value: 'services:\n  web: {}\n' },
      value(`env/${id}/createdAt`, '2026-11-25T10:00:00.000Z'),
      value(`env/${id}/key`, 'TZ'),
      value(`env/${id}/value`, 'UTC'),
      value(`routes/${other}/port`, 8080),
    ];
    expect(changesToLines(changes, present)).toEqual([
      'compose: 3 lines',
      'env TZ: key TZ, value UTC',
      'routes feeds.example.com: port 8080',
    ]);
  });

  it('P7: show no copy of a secret, nothing endless, and a removal as one', () => {
    const removal = value(`env/${id}/removedAt`, '2026-11-25T10:00:00.000Z');
    expect(changesToLines([removal], new Map([[`env/${id}/key`, { value: 'TZ' }]]))).toEqual(['env TZ: removed']);
    const secret = [
      value(`secrets/${id}/name`, 'db'),
      value(`secrets/${id}/nodeCopies`, { node: 'age…' }),
      value(`secrets/${id}/ownerCopy`, 'f'.repeat(64)),
      value(`secrets/${id}/version`, 2),
    ];
    expect(changesToLines(secret, new Map())).toEqual(['secrets db: name db, version 2']);
    expect(changesToLines(secret.slice(1, 2), new Map())).toEqual(['secrets: changed']);
    expect(changesToLines([value('note', 'x'.repeat(500))], new Map())[0]?.length).toBeLessThan(140);
  });
});
