import { describe, expect, it } from 'vitest';
import { decideVersion } from './version-window.ts';

describe('version window', () => {
  it.each(['0.2.0', '0.3.9', '0.4.1', '0.3.0-rc.1'])('P9: 0.3.0 works with %s', (peer) => {
    expect(decideVersion('0.3.0', peer).ok).toBe(true);
  });

  it.each(['0.1.9', '0.5.0', '1.3.0', '', 'x', undefined])(
    'P9: 0.3.0 refuses %s and says which side to update',
    (peer) => {
      const result = decideVersion('0.3.0', peer);
      expect(result.ok).toBe(false);
      if (!result.ok) {
        expect(result.error.code).toBe('link.version');
        expect(result.error.message).toContain('0.3.0');
      }
    },
  );

  it('P9: names the older side', () => {
    const older = decideVersion('0.3.0', '0.1.0');
    const newer = decideVersion('0.3.0', '0.9.0');
    expect(!older.ok && older.error.next).toContain('the side that runs 0.1.0');
    expect(!newer.ok && newer.error.next).toContain('this side (0.3.0)');
  });
});
