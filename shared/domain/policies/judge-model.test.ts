import { describe, expect, test } from 'vitest';
import type { SignedException } from '../apps/index.ts';
import { isSystemPath, judgeModel, stackPath } from './index.ts';

const judge = (service: object, exceptions: SignedException[] = [], more: object = {}) =>
  judgeModel(
    { services: { web: { image: 'x', ...service } }, ...more },
    { exceptions, stackRoot: '/run/o/stack', files: ['a.conf', 'dir/b'], ownFolders: ['/srv/overseer'] },
  );

function rule(service: object, exceptions: SignedException[] = [], more: object = {}) {
  const result = judge(service, exceptions, more);
  return result.ok ? 'passes' : result.error.detail?.rule;
}
const bind = (source: string) => ({ volumes: [{ type: 'bind', source, target: '/x' }] });
const sign = (name: string, value: string): SignedException[] => [{ rule: name, service: 'web', value, reason: 'r' }];

describe('gate 3, the resolved model', () => {
  test.each([
    [{ privileged: true }, 'privileged'],
    [{ pid: 'host' }, 'host-namespace'],
    [{ build: { context: '.' } }, 'build'],
    [{ cap_add: ['CAP_NET_ADMIN'] }, 'capability'],
    [{ network_mode: 'host' }, 'host-network'],
    [{ network_mode: 'container:x' }, 'network-mode'],
    [{ devices: [{ source: '/dev/kvm', target: '/dev/kvm', permissions: 'rwm' }] }, 'device'],
    [{ ports: [{ target: 80, published: '8080', protocol: 'tcp', mode: 'ingress' }] }, 'publish-port'],
    [{ security_opt: ['label:disable'] }, 'security-option'],
    [{ sysctls: { 'net.ipv4.ip_forward': '1' } }, 'sysctl'],
    [{ labels: { 'com.docker.compose.project': 'x' } }, 'label'],
    [{ logging: { driver: 'gelf' } }, 'logging-driver'],
    [bind('/srv/media'), 'host-folder'],
    [bind('/var/run/docker.sock'), 'host-system'],
    [bind('/srv/overseer/files'), 'host-system'],
    [bind('/run/o/stack-other'), 'host-system'],
    [bind('/run/o/stack/not-signed'), 'outside-path'],
    [{ cap_add: ['ALL'] }, 'privileged'],
    [{ cap_add: ['CAP_SYS_ADMIN'] }, 'privileged'],
    [{ sysctls: { 'kernel.shmmax': '1' } }, 'host-namespace'],
    [bind('/etc/localtime'), 'host-system'],
    [{ volumes: [{ type: 'bind', source: '/etc/localtime', target: '/x', read_only: true }] }, 'host-folder'],
    [{ volumes: [{ type: 'cluster', source: 'x', target: '/x' }] }, 'mount-type'],
    [{ networks: { default: { ipv4_address: '10.0.0.1' } } }, 'network-address'],
    [{ deploy: { resources: { reservations: { devices: [{ driver: 'nvidia' }] } } } }, 'device-rule'],
    [{ never_heard_of: 1 }, 'unknown-key'],
    [{ image: '' }, 'no-image'],
  ])('refuses %j by rule %s', (service, expected) => {
    expect(rule(service)).toBe(expected);
  });

  test('what Compose fills in by itself passes', () => {
    const filled = {
      command: null,
      entrypoint: null,
      networks: { default: null },
      deploy: { resources: {}, placement: {} },
    };
    expect(
      rule(filled, [], { networks: { default: { name: 'x_default', ipam: {} } }, volumes: { d: { name: 'x_d' } } }),
    ).toBe('passes');
    expect(rule(bind('/run/o/stack/a.conf'))).toBe('passes');
    expect(rule(bind('/run/o/stack/dir'))).toBe('passes');
  });

  test('refuses external and driven volumes and networks', () => {
    expect(rule({}, [], { volumes: { d: { external: true } } })).toBe('external-volume');
    expect(rule({}, [], { volumes: { d: { driver_opts: { device: '/' } } } })).toBe('volume-driver');
    expect(rule({}, [], { networks: { n: { driver: 'macvlan' } } })).toBe('network-driver');
    expect(rule({}, [], { networks: { n: { ipam: { config: [{}] } } } })).toBe('network-address');
  });

  test('an exception lifts exactly its value', () => {
    const ports = { ports: [{ target: 80, published: '8080', protocol: 'tcp' }] };
    expect(rule(ports, sign('publish-port', '8080:80/tcp'))).toBe('passes');
    expect(rule(ports, sign('publish-port', '8081:80/tcp'))).toBe('publish-port');
    expect(rule(bind('/srv/media'), sign('host-folder', '/srv/media:/x:rw'))).toBe('passes');
    expect(rule(bind('/srv/media'), sign('host-folder', '/srv/media:/x:ro'))).toBe('host-folder');
    expect(rule({ cap_add: ['net_admin'] }, sign('capability', 'NET_ADMIN'))).toBe('passes');
    expect(rule({ privileged: true }, sign('privileged', 'true'))).toBe('privileged');
    expect(rule({ cap_add: ['ALL'] }, [...sign('capability', 'ALL'), ...sign('privileged', 'ALL')])).toBe('privileged');
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
