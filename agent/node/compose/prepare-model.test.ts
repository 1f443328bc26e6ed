import { describe, expect, test } from 'vitest';
import { appBodySchema } from '#shared/domain/apps/index.ts';
import { type ModelFacts, modelToText, prepareModel } from './prepare-model.ts';
import type { PreparedImage } from './prepared.ts';

const appId = 'a'.repeat(26);
const image = (config: object = {}): PreparedImage =>
  ({
    reference: `app:1@sha256:${'1'.repeat(64)}`,
    digest: `sha256:${'1'.repeat(64)}`,
    info: { Id: 'sha256:i', Config: config },
  }) as never;

function facts(more: Partial<ModelFacts> = {}, body: object = {}): ModelFacts {
  return {
    appId,
    fleet: 'f'.repeat(64),
    body: appBodySchema.parse({ v: 1, kind: 'app', name: 'x', state: 'running', compose: '', images: {}, ...body }),
    stackRoot: '/run/stack',
    images: new Map([
      [
        'web',
        image({
          Entrypoint: ['/entry', '$A'],
          Cmd: ['serve'],
          Healthcheck: { Test: ['CMD-SHELL', 'ask "$PASSWORD"'] },
        }),
      ],
      ['db', image({ Volumes: { '/var/lib/data': {}, '/covered/': {} } })],
    ]),
    stackFile: (path) => `/data/files/${path}`,
    secretFile: (name) => `/run/secrets/${name}`,
    launcherFile: '/data/files/launcher/launch',
    ...more,
  };
}

const resolved = {
  services: {
    web: {
      image: 'app:1',
      command: null,
      entrypoint: null,
      environment: { PASSWORD: 'by hand', PLAIN: '$$x' },
      networks: { default: null, back: { aliases: ['w'] } },
      volumes: [{ type: 'bind', source: '/run/stack/a.conf', target: '/a.conf', bind: {} }],
      configs: [{ source: 'c', target: '/c' }],
      secrets: [{ source: 'token', target: 'token' }],
      'x-note': 1,
    },
    db: {
      image: 'app:1',
      networks: { back: null },
      volumes: [
        { type: 'volume', source: 'data', target: '/covered' },
        { type: 'volume', target: '/anonymous' },
        { type: 'bind', source: '/srv/media', target: '/media', bind: { create_host_path: true } },
      ],
    },
  },
  networks: { default: { name: 'x_default' }, back: { name: 'x_back', internal: true } },
  volumes: { data: { name: 'x_data' } },
  configs: { c: { name: 'x_c', file: '/run/stack/c.txt' } },
  secrets: { token: { name: 'x_token', file: '/run/stack/none' } },
};
const body = {
  secrets: [
    { name: 'password', sha256: '2'.repeat(64), uses: [{ as: 'env', service: 'web', env: 'PASSWORD' }] },
    { name: 'token', sha256: '3'.repeat(64), uses: [] },
  ],
  routes: [{ routeId: 'b'.repeat(26), hostname: 'a.example.com', service: 'web', port: 80 }],
};

describe('the model that goes to Compose', () => {
  test('is exactly this', async () => {
    const prepared = prepareModel(resolved, facts({}, body));
    const text = JSON.stringify(JSON.parse(modelToText(prepared, () => 'e'.repeat(64))), null, 2);
    await expect(text).toMatchFileSnapshot('./golden/model.json');
  });

  test('P7: nothing of a secret is in it but the path of its file', () => {
    const text = modelToText(prepareModel(resolved, facts({}, body)), () => '');
    expect(text).not.toContain('by hand');
    expect(JSON.parse(text).secrets).toBeUndefined();
  });

  test('P4: every name in the engine is ours, whatever the file says', () => {
    const prepared = prepareModel(resolved, facts({}, body));
    expect(prepared.project).toBe(`ov-${appId}`);
    for (const name of [...prepared.volumes, ...prepared.networks.map((network) => network.name)])
      expect(name.startsWith(`ov_${appId}_`)).toBe(true);
    expect(prepared.networks).toContainEqual({ name: `ov_${appId}_back`, internal: true });
  });

  test('P6: only what is routed, keeps nothing and publishes nothing may run twice', () => {
    const able = (service: object) => {
      const one = {
        services: { web: { image: 'x', networks: { default: null }, ...service } },
        networks: { default: {} },
      };
      return prepareModel(one, facts({}, { ...body, secrets: [] })).services.get('web')?.canRunTwice;
    };
    expect(able({})).toBe(true);
    expect(able({ volumes: [{ type: 'bind', source: '/run/stack/a', target: '/a' }] })).toBe(true);
    expect(able({ volumes: [{ type: 'volume', source: 'd', target: '/d' }] })).toBe(false);
    expect(able({ volumes: [{ type: 'bind', source: '/srv/x', target: '/d' }] })).toBe(false);
    expect(able({ ports: [{ target: 80, published: '80' }] })).toBe(false);
    expect(prepareModel(resolved, facts({}, body)).services.get('db')?.canRunTwice).toBe(false);
  });

  test('a definition changes with what makes the container, and with nothing else', () => {
    const definition = (more: Partial<ModelFacts> = {}, other: object = {}) =>
      prepareModel(resolved, facts(more, { ...body, ...other })).services.get('web')?.definition;
    expect(definition()).toBe(definition({}, { name: 'other', policies: { settleMs: 1 } }));
    expect(definition()).not.toBe(definition({ secretFile: (name) => `/run/secrets/new/${name}` }));
    expect(definition()).not.toBe(definition({ stackFile: (path) => `/data/new/${path}` }));
    expect(definition()).not.toBe(
      definition({
        images: new Map([
          ['web', { ...image(), reference: 'y' }],
          ['db', image()],
        ]),
      }),
    );
  });
});
