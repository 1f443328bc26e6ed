import { describe, expect, it } from 'vitest';
import { defaultTarget, draftUses, faultOfUse, usesOfDrafts } from './secret-uses.ts';

describe('how a secret is given to a service', () => {
  it('is proposed by its name', () => {
    expect(defaultTarget('env', 'db-password')).toBe('DB_PASSWORD');
    expect(defaultTarget('env', '1st')).toBe('_1ST');
    expect(defaultTarget('file', 'db-password')).toBe('/run/secrets/db-password');
  });

  it('is checked before it is asked for', () => {
    const draft = { key: 0, service: 'web', as: 'env', target: 'A' } as const;
    expect(faultOfUse(draft)).toBeNull();
    expect(faultOfUse({ ...draft, service: '' })).toBe('no-service');
    expect(faultOfUse({ ...draft, target: '1A' })).toBe('bad-variable');
    expect(faultOfUse({ ...draft, as: 'file', target: 'run/x' })).toBe('bad-path');
    expect(faultOfUse({ ...draft, as: 'file', target: '/run/../etc/x' })).toBe('bad-path');
    expect(faultOfUse({ ...draft, as: 'file', target: '/run/secrets/x' })).toBeNull();
  });

  it('comes back from its draft as it was', () => {
    const uses = [
      { as: 'env', service: 'web', env: 'A' },
      { as: 'file', service: 'db', path: '/run/secrets/a' },
    ] as const;
    expect(usesOfDrafts(draftUses(uses))).toEqual(uses);
  });
});
