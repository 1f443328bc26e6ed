import { describe, expect, it } from 'vitest';
import { lossesOf, unsentTexts } from './unsent.ts';

const device = (role: 'owner' | 'operator' | 'provisional-owner') =>
  ({ deviceId: 'd', name: 'n', kind: 'browser', role, person: 'p' }) as const;

describe('what the core does not have', () => {
  it('is named by number', () => {
    expect(unsentTexts({ rows: 0, intents: 0, refused: 0 })).toEqual([]);
    expect(unsentTexts({ rows: 1, intents: 2, refused: 1 })).toEqual([
      '1 edit',
      '2 confirmed changes',
      '1 edit that the core did not take',
    ]);
  });
});

describe('what is lost when a device is forgotten', () => {
  it('P2: names every unsent edit and confirmed change', () => {
    const losses = lossesOf({ unsent: { rows: 3, intents: 1, refused: 2 }, device: device('operator') });
    expect(losses).toHaveLength(4);
    expect(losses[1]).toContain('3 edits');
    expect(losses[2]).toContain('1 confirmed change');
    expect(losses[3]).toContain('2 edits that the core did not take');
  });

  it('names the owner whom the fleet may have no other of', () => {
    const unsent = { rows: 0, intents: 0, refused: 0 };
    expect(lossesOf({ unsent, device: device('operator') })).toHaveLength(1);
    expect(lossesOf({ unsent, device: device('owner') })).toHaveLength(2);
    expect(lossesOf({ unsent, device: device('provisional-owner') })).toHaveLength(2);
  });
});
