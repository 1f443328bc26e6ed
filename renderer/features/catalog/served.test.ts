import { describe, expect, it } from 'vitest';
import { checkServed, suggestServed } from './served.ts';

const offer = {
  services: [
    { name: 'db', image: null, ports: [] },
    { name: 'web', image: null, ports: [8080, 9000] },
  ],
  secrets: [],
  variables: [],
};

describe('the service that visitors reach', () => {
  it('is the first that names a port', () => {
    expect(suggestServed({ service: null, port: null }, offer)).toEqual({ service: 'web', port: 8080, typed: '8080' });
  });

  it('is what the person chose, while the file has it', () => {
    expect(suggestServed({ service: 'db', port: null }, offer)).toEqual({ service: 'db', port: null, typed: '' });
    expect(suggestServed({ service: 'gone', port: '3000' }, offer)).toEqual({
      service: 'web',
      port: 3000,
      typed: '3000',
    });
  });

  it('is none in an empty file', () => {
    const none = { services: [], secrets: [], variables: [] };
    expect(suggestServed({ service: null, port: null }, none)).toEqual({ service: null, port: null, typed: '' });
  });

  it.each([
    ['', 'missing'],
    ['0', 'bad'],
    ['65536', 'bad'],
    ['80a', 'bad'],
    ['80', null],
  ])('port %j: %s', (port, problem) => {
    expect(checkServed(suggestServed({ service: 'web', port }, offer))).toBe(problem);
  });
});
