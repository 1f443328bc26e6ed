import { describe, expect, test } from 'vitest';
import { decideOpened, decideOpeningPath, judgeModel, type Opening, openedValues, usesOpening } from './index.ts';

const media: Opening = { name: 'media', what: 'folder', path: '/srv/media', readOnly: true };
const music: Opening = { name: 'music', what: 'folder', path: '/srv/music', readOnly: false };
const gpu: Opening = { name: 'gpu', what: 'device', path: '/dev/dri/renderD128', readOnly: false };
const all = [media, music, gpu];
const aside = (rule: string, value: string) => ({ rule, value, service: 'web' });

function judge(service: object, value: string, rule = 'host-folder', openings: readonly Opening[] = all) {
  const result = judgeModel(
    { services: { web: { image: 'x', ...service } } },
    { exceptions: [aside(rule, value)], stackRoot: '/run/o/stack', files: [], ownFolders: [], openings },
  );
  return result.ok ? 'passes' : result.error.detail?.rule;
}

const mount = (source: string, readOnly: boolean) => ({
  volumes: [{ type: 'bind', source, target: '/x', read_only: readOnly }],
});

describe('opened folders and devices', () => {
  test('host-folder: an exception names an opened folder in place of its path, for exactly that folder', () => {
    expect(judge(mount('/srv/media', true), 'opened media:/x:ro')).toBe('passes');
    expect(judge(mount('/srv/music', false), 'opened music:/x:rw')).toBe('passes');
    expect(judge(mount('/srv/music', true), 'opened music:/x:ro')).toBe('passes');
    expect(judge(mount('/srv/media', true), 'opened music:/x:ro')).toBe('host-folder');
    expect(judge(mount('/srv/media', true), 'opened media:/y:ro')).toBe('host-folder');
    expect(judge(mount('/srv/media/films', true), 'opened media:/x:ro')).toBe('host-folder');
    expect(judge(mount('/srv/media2', true), 'opened media:/x:ro')).toBe('host-folder');
  });

  test('host-folder: what is open for reading is not written, whatever the exception says', () => {
    expect(judge(mount('/srv/media', false), 'opened media:/x:rw')).toBe('host-folder');
    expect(judge(mount('/srv/media', false), 'opened media:/x:ro')).toBe('host-folder');
  });

  test('host-system: an opening of a path that rules the node lifts nothing', () => {
    const evil: Opening = { name: 'evil', what: 'folder', path: '/etc', readOnly: false };
    expect(judge(mount('/etc', false), 'opened evil:/x:rw', 'host-folder', [evil])).toBe('host-system');
  });

  test('device: an exception names an opened device in place of its path', () => {
    const device = { devices: [{ source: gpu.path, target: gpu.path, permissions: 'rwm' }] };
    expect(judge(device, `opened gpu:${gpu.path}:rwm`, 'device')).toBe('passes');
    expect(judge(device, `opened gpu:${gpu.path}:r`, 'device')).toBe('device');
    expect(judge(device, `opened gpu:${gpu.path}:rwm`, 'device', [media])).toBe('device');
    expect(judge(device, `opened gpu:${gpu.path}:rwm`, 'host-folder')).toBe('device');
  });

  test('what is closed is refused by its name, with the command that opens it', () => {
    expect(decideOpened([aside('host-folder', 'opened media:/x:ro')], all, 'nas').ok).toBe(true);
    expect(decideOpened([aside('host-folder', '/srv/x:/x:ro')], [], 'nas').ok).toBe(true);
    const closed = decideOpened([aside('host-folder', 'opened films:/x:ro')], all, 'nas');
    expect(closed).toMatchObject({ ok: false, error: { code: 'opening.not-open', detail: { name: 'films' } } });
    expect(closed.ok ? '' : closed.error.next).toContain('overseer nodes open folder films');
    // A device of the same name is another thing.
    expect(decideOpened([aside('device', 'opened media:/dev/x:r')], all, 'nas').ok).toBe(false);
  });

  test('knows who uses what, and offers the name of a path that is open', () => {
    expect(usesOpening([aside('host-folder', 'opened media:/x:ro')], media)).toBe(true);
    expect(usesOpening([aside('host-folder', 'opened media-2:/x:ro')], media)).toBe(false);
    expect(usesOpening([aside('publish-port', 'opened media:/x:ro')], media)).toBe(false);
    expect(openedValues(all, 'host-folder', '/srv/media:/media:ro')).toEqual(['opened media:/media:ro']);
    expect(openedValues(all, 'host-folder', '/srv/media:/media:rw')).toEqual([]);
    expect(openedValues(all, 'host-folder', '/srv/other:/media:ro')).toEqual([]);
  });

  test.each([
    ...[
      '/',
      '/etc',
      '/etc/x',
      '/proc',
      '/sys/x',
      '/var/run/docker.sock',
      '/run/docker.sock',
      '/var/lib/docker',
      '/home',
    ],
    ...['srv/x', '/srv/../etc', '/srv//x', '/srv/x/', '/srv/./x', '/srv/a:b', '/srv/a,b', '/srv/a\nb', '/srv/$X', ''],
    ...['/opt/overseer', '/opt/overseer/files', '/opt'],
  ])('host-system: the folder %j is opened to nobody', (path) => {
    expect(decideOpeningPath('folder', path, ['/opt/overseer'])).toMatchObject({
      ok: false,
      error: { code: 'opening.bad-path', kind: 'denied' },
    });
  });

  test.each([
    '/dev/mem',
    '/dev/kmsg',
    '/dev/port',
    '/dev/mapper/root',
    '/dev',
    '/dev/../etc/passwd',
    '/srv/x',
    'dev/x',
  ])('device: %j is opened to nobody', (path) => expect(decideOpeningPath('device', path).ok).toBe(false));

  test.each([
    ['folder', '/srv/media'],
    ['folder', '/mnt/disk 1/photos'],
    ['folder', '/home/me/music'],
    ['device', '/dev/dri/renderD128'],
    ['device', '/dev/ttyUSB0'],
  ] as const)('the %s %s may be opened', (what, path) => expect(decideOpeningPath(what, path).ok).toBe(true));
});
