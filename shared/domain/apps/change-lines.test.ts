import { describe, expect, it } from 'vitest';
import { unwrap } from '#shared/kernel/index.ts';
import { withImage, withLines } from './change-lines.ts';
import { judgeContent } from './judge-content.ts';
import { type AppBody, appBodySchema } from './release-body.ts';

const COMPOSE = `# kept
services:
  web:
    image: "registry.example/app:1"
    command: [serve, image]
  db:
    image: registry.example/db:1
`;
const DIGEST = `sha256:${'a'.repeat(64)}`;
const body: AppBody = appBodySchema.parse({
  v: 1,
  kind: 'app',
  name: 'web',
  state: 'running',
  compose: COMPOSE,
  env: { LEVEL: 'info' },
  images: {
    web: { ref: 'registry.example/app:1', digest: null },
    db: { ref: 'registry.example/db:1', digest: null },
  },
});
const lines = (images: Record<string, string>, env: Record<string, string> = {}) => ({
  images: new Map(Object.entries(images)),
  env: new Map(Object.entries(env)),
});
const codeOf = (compose: string, ref = 'registry.example/app:2') => {
  const changed = withImage(compose, 'web', ref);
  return changed.ok ? 'ok' : changed.error.code;
};

describe('REL-17: the last release with lines of its own', () => {
  it('REL-17: changes the image of one service and a variable, and nothing that a narrow grant would not let pass', () => {
    const ref = `registry.example/app:2@${DIGEST}`;
    const next = unwrap(withLines(body, lines({ web: ref }, { LEVEL: 'debug' })));
    expect(next.compose).toBe(COMPOSE.replace('registry.example/app:1', ref));
    expect(next).toMatchObject({
      images: { web: { ref, digest: DIGEST }, db: body.images.db },
      env: { LEVEL: 'debug' },
    });
    expect(judgeContent(body, next, { images: ['registry.example/app'], fields: ['env.LEVEL'] }).ok).toBe(true);
    expect(judgeContent(body, next, { images: ['registry.example/app'] }).ok).toBe(false);
  });

  it('REL-17: a service that is not there, a name that can not be and a reference that hides another are refused', () => {
    const code = (about: ReturnType<typeof lines>) => {
      const changed = withLines(body, about);
      return changed.ok ? 'ok' : changed.error.code;
    };
    expect(code(lines({ cache: 'x' }))).toBe('app.unknown-service');
    expect(code(lines({}, { '1X': 'y' }))).toBe('app.bad-variable');
    for (const ref of ['', `\${TAG}`, 'a b', 'a\n    privileged: true', 'a"', '#a'])
      expect(code(lines({ web: ref })), ref).toBe('app.bad-image');
  });

  it.each<[string, string]>([
    ['an image from a variable', `services:\n  web:\n    image: app:\${TAG}\n`],
    ['a comment behind it', 'services:\n  web:\n    image: app:1 # pinned\n'],
    ['a flow mapping', 'services: { web: { image: app:1 } }\n'],
    ['an anchor', 'x: &image app:1\nservices:\n  web:\n    image: *image\n'],
    ['a merge', 'x: &base\n  image: app:1\nservices:\n  web:\n    <<: *base\n'],
    ['a block', 'services:\n  web:\n    image: >-\n      app:1\n'],
    ['no image', 'services:\n  web:\n    build: .\n'],
    ['no Compose file', 'just text'],
  ])('REL-17: %s is left to an owner', (_, compose) => {
    expect(codeOf(compose)).toBe('app.image-not-plain');
  });
});
