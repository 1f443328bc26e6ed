import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkOpening, checkRealPaths } from './real-path.ts';

let root = '';
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'real-path-')));
  mkdirSync(join(root, 'media/films'), { recursive: true });
  writeFileSync(join(root, 'file'), '');
  symlinkSync('/etc', join(root, 'media/evil'));
  symlinkSync(join(root, 'media'), join(root, 'link'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const open = (what: 'folder' | 'device', path: string, own: string[] = []) => {
  const result = checkOpening({ what, path }, own);
  return result.ok ? 'open' : result.error.message;
};
const at = (path: string) => join(root, path);

describe('what lies behind a path', () => {
  test('host-folder: a folder is opened by its real path, not through a link and not where there is none', () => {
    expect(open('folder', at('media'))).toBe('open');
    expect(open('folder', at('media/evil'))).toContain('it leads to /etc');
    expect(open('folder', at('link/films'))).toContain(`it leads to ${at('media/films')}`);
    expect(open('folder', at('nowhere'))).toContain('ENOENT');
    expect(open('folder', at('file'))).toContain('not a folder');
    expect(open('folder', at('media'), [at('media/films')])).toContain('root on the node');
  });

  test('device: a device is opened where it is one and no disk', () => {
    expect(open('device', '/dev/null')).toBe('open');
    expect(open('device', '/dev/stdin')).not.toBe('open');
    expect(open('device', '/dev/shm')).toContain('not a device');
    expect(open('device', at('file'))).toContain('below /dev');
  });

  test('host-system: a signed path that has become a link to what rules the node is refused', () => {
    const mount = (source: string, openings: Parameters<typeof checkRealPaths>[1]['openings'] = []) =>
      checkRealPaths(
        {
          services: {
            web: {
              volumes: [
                { type: 'bind', source, target: '/x' },
                { type: 'volume', source: 'd' },
              ],
            },
          },
        },
        { openings, ownFolders: ['/var/lib/overseer/node'] },
      );
    expect(mount(at('media/evil'))).toMatchObject({ ok: false, error: { code: 'gate.link-to-system' } });
    // A link of the person's own to where nothing of the node lies stays his affair; an opened folder is no link.
    expect(mount(at('link')).ok).toBe(true);
    expect(mount(at('link'), [{ name: 'media', what: 'folder', path: at('link'), readOnly: true }])).toMatchObject({
      ok: false,
      error: { code: 'opening.bad-path' },
    });
    expect(mount(at('nowhere')).ok).toBe(true);
    expect(mount('/var/lib/overseer/node/files/a').ok).toBe(true);
  });
});
