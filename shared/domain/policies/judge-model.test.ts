import { describe, expect, test } from 'vitest';
import { isSystemPath, judgeModel, stackPath } from './index.ts';

function rule(service: object, more: object = {}) {
  const model = { services: { web: { image: 'x', ...service } }, ...more };
  const result = judgeModel(model, {
    exceptions: [],
    stackRoot: '/run/o/stack',
    files: ['a.conf', 'dir/b'],
    ownFolders: ['/srv/overseer'],
  });
  return result.ok ? 'passes' : result.error.detail?.rule;
}
const bind = (source: string) => ({ volumes: [{ type: 'bind', source, target: '/x' }] });

describe('gate 3, the resolved model', () => {
  test('what Compose fills in by itself passes', () => {
    const filled = {
      command: null,
      entrypoint: null,
      networks: { default: null },
      deploy: { resources: {}, placement: {} },
    };
    expect(
      rule(filled, { networks: { default: { name: 'x_default', ipam: {} } }, volumes: { d: { name: 'x_d' } } }),
    ).toBe('passes');
    expect(rule(bind('/run/o/stack/a.conf'))).toBe('passes');
    expect(rule(bind('/run/o/stack/dir'))).toBe('passes');
  });

  test('the time of the node may be seen by exception, and only seen', () => {
    expect(rule(bind('/etc/localtime'))).toBe('host-system');
    expect(rule({ volumes: [{ type: 'bind', source: '/etc/localtime', target: '/x', read_only: true }] })).toBe(
      'host-folder',
    );
  });
});

describe('paths', () => {
  test.each([
    '/',
    '/etc',
    '/etc/x',
    '/var',
    '/var/lib',
    '/run/user/1',
    '/home',
    '/srv/../etc',
    '//etc',
    'etc',
    '/usr/',
    '/srv/./x',
    '/proc/1',
  ])('%s is a system path', (path) => expect(isSystemPath(path)).toBe(true));
  test.each(['/srv/media', '/mnt/disk/photos', '/home/me/music', '/opt/data'])('%s may be given by exception', (path) =>
    expect(isSystemPath(path)).toBe(false),
  );
  test.each([
    ['./a/b', 'a/b'],
    ['a//b', 'a/b'],
    ['../a', undefined],
    ['a/../b', undefined],
    ['/a', undefined],
    ['~/a', undefined],
    ['.', undefined],
    ['a\\b', undefined],
    ['$A', undefined],
  ])('%s in the stack is %s', (path, expected) => expect(stackPath(path)).toBe(expected));
});
