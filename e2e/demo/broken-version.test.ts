import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { BROKEN_IMAGE, brokenVersion } from './broken-version.ts';

describe('the broken version', () => {
  test('changes the routed service and nothing else', () => {
    const compose = readFileSync(new URL('../../catalog/miniflux/compose.yaml', import.meta.url), 'utf8');
    const good = parse(compose);
    const bad = parse(brokenVersion(compose.replace(/^ {2}miniflux:\n/m, '  miniflux:\n')));
    expect(bad.services.miniflux).toMatchObject({
      image: BROKEN_IMAGE,
      environment: good.services.miniflux.environment,
    });
    expect(bad.services.miniflux.healthcheck.test).toContain('wget');
    expect({ ...bad, services: { ...bad.services, miniflux: null } }).toEqual({
      ...good,
      services: { ...good.services, miniflux: null },
    });
  });

  test('refuses a stack that it would leave as it is', () => {
    expect(() => brokenVersion('services:\n  web:\n    image: x\n')).toThrow(/no service miniflux/);
  });
});
