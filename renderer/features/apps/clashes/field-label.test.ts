import { describe, expect, it } from 'vitest';
import { fieldLabel } from './field-label.ts';

const id = 'a'.repeat(26);

describe('the name of a field that clashes', () => {
  it('is what a person called it', () => {
    const fields = new Map<string, unknown>([
      [`env/${id}/key`, 'TZ'],
      [`routes/${id}/hostname`, 'feeds.example.com'],
    ]);
    const read = (path: string) => fields.get(path);
    expect(fieldLabel('compose', read)).toBe('Compose file');
    expect(fieldLabel(`env/${id}/value`, read)).toBe('Variable TZ: value');
    expect(fieldLabel(`routes/${id}/port`, read)).toBe('Route feeds.example.com: port');
  });

  it('falls back to the path of a newer version, never to an id', () => {
    expect(fieldLabel('newField', () => undefined)).toBe('newField');
    expect(fieldLabel(`things/${id}/size`, () => undefined)).toBe('things: size');
  });
});
