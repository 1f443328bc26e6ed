import { describe, expect, test } from 'vitest';
import type { PreparedModel } from '../compose/prepared.ts';
import type { ContainerState } from '../engine/engine.ts';
import { compareInspect } from './compare-inspect.ts';

const made = {
  image: 'x:1@sha256:1',
  environment: { A: '1' },
  cap_add: ['NET_ADMIN'],
  security_opt: ['no-new-privileges:true'],
  ports: [{ mode: 'ingress', target: 53, published: '53', protocol: 'udp' }],
  configs: [{ source: 'c' }],
  volumes: [
    { type: 'bind', source: '/data/a', target: '/a' },
    { type: 'volume', source: 'd', target: '/d' },
  ],
};
const model = {
  model: { services: { web: made }, configs: { c: { file: '/data/c' } } },
  services: new Map([['web', { definition: 'x', image: { info: { Id: 'i', Config: { Env: ['B=2'] } } } }]]),
} as unknown as PreparedModel;

function compare(
  host: object = {},
  more: { mounts?: object[]; env?: string[]; imageId?: string; image?: string; definition?: string } = {},
) {
  const container = {
    name: 'ov-a-web-1',
    service: 'web',
    definition: more.definition ?? 'x',
    imageId: more.imageId ?? 'i',
    image: more.image ?? 'x:1@sha256:1',
    inspect: { HostConfig: host, Config: { Env: more.env ?? ['A=1', 'B=2', 'PATH=/bin'] }, Mounts: more.mounts ?? [] },
  } as unknown as ContainerState;
  return compareInspect(model, [container]);
}

describe('inspect compared with the model', () => {
  test('a container as it was told passes', () => {
    const mounts = [
      { Type: 'bind', Source: '/data/a', Destination: '/a' },
      { Type: 'bind', Source: '/data/c', Destination: '/c' },
      { Type: 'volume', Source: '/v', Destination: '/d' },
      { Type: 'tmpfs', Source: '', Destination: '/t' },
    ];
    expect(compare({ CapAdd: ['CAP_NET_ADMIN'] }, { mounts }).ok).toBe(true);
    const host = {
      SecurityOpt: ['no-new-privileges=true'],
      MaskedPaths: ['/proc/kcore'],
      PortBindings: { '53/udp': [{ HostIp: '', HostPort: '53' }] },
      DeviceRequests: null,
      DeviceCgroupRules: null,
      NetworkMode: 'ov_a_default',
    };
    expect(compare(host, { mounts })).toMatchObject({ ok: true });
    expect(compare({ Privileged: true }, { definition: 'old' }).ok).toBe(true);
  });

  test.each([
    [{ Privileged: true }, {}],
    [{ PidMode: 'host' }, {}],
    [{ UTSMode: 'host' }, {}],
    [{ IpcMode: 'container:x' }, {}],
    [{ UsernsMode: 'host' }, {}],
    [{ NetworkMode: 'host' }, {}],
    [{ NetworkMode: 'container:x' }, {}],
    [{ SecurityOpt: ['seccomp=unconfined'] }, {}],
    [{ SecurityOpt: ['no-new-privileges:true', 'apparmor=unconfined'] }, {}],
    [{ MaskedPaths: [] }, {}],
    [{ DeviceCgroupRules: ['c 1:1 rwm'] }, {}],
    [{ DeviceRequests: [{ Driver: 'nvidia', Count: -1 }] }, {}],
    [{ PublishAllPorts: true }, {}],
    [{ PortBindings: { '53/tcp': [{ HostPort: '53' }] } }, {}],
    [{ CapAdd: ['SYS_ADMIN'] }, {}],
    [{ Devices: [{}] }, {}],
    [{}, { imageId: 'other', image: 'other' }],
    [{}, { env: ['SECRET=canary'] }],
    [{}, { mounts: [{ Type: 'bind', Source: '/etc', Destination: '/a' }] }],
    [{}, { mounts: [{ Type: 'volume', Source: '/v', Destination: '/elsewhere' }] }],
  ])('%j %j is a mismatch', (host, more) => {
    const result = compare(host, more);
    expect(result).toMatchObject({ ok: false, error: { code: 'gate.inspect-mismatch' } });
    expect(JSON.stringify(result)).not.toContain('canary');
  });
});
