import { describe, expect, it } from 'vitest';
import { type ContentLimit, judgeContent } from './judge-content.ts';
import { type ReleaseBody, releaseBodySchema } from './release-body.ts';

const COMPOSE = 'services:\n  web:\n    image: registry.example/app:1\n    command: serve\n';
const body = (changes: Record<string, unknown> = {}): ReleaseBody =>
  releaseBodySchema.parse({
    v: 1,
    kind: 'app',
    name: 'web',
    state: 'running',
    compose: COMPOSE,
    env: { LEVEL: 'info', FIXED: 'x' },
    images: { web: { ref: 'registry.example/app:1', digest: null } },
    ...changes,
  });
const limit: ContentLimit = { images: ['registry.example/app'], fields: ['env.LEVEL'] };
const image = (ref: string) => ({
  compose: COMPOSE.replace('registry.example/app:1', ref),
  images: { web: { ref, digest: null } },
});
const codeOf = (changes: Record<string, unknown>, of: ContentLimit = limit, previous: ReleaseBody | null = body()) => {
  const judged = judgeContent(previous, body(changes), of);
  return judged.ok ? 'ok' : judged.error.code;
};

describe('REL-17: what a release under a narrow grant may change', () => {
  it('REL-17: nothing, another tag or digest of a named repository, and a named variable', () => {
    expect(codeOf({})).toBe('ok');
    expect(codeOf(image('registry.example/app:2'))).toBe('ok');
    expect(codeOf(image(`registry.example/app:2@sha256:${'a'.repeat(64)}`))).toBe('ok');
    expect(codeOf({ compose: COMPOSE.replace('registry.example/app:1', '"registry.example/app:2"') })).toBe('ok');
    expect(codeOf({ env: { LEVEL: 'debug', FIXED: 'x' } })).toBe('ok');
    expect(codeOf({ env: { LEVEL: 'debug', FIXED: 'x' } }, { images: limit.images })).toBe(
      'release.content-not-granted',
    );
    expect(codeOf(image('registry.example/app:2'), { fields: limit.fields })).toBe('release.content-not-granted');
  });

  it.each<[string, Record<string, unknown>]>([
    ['another repository', image('registry.example/app-evil:1')],
    ['another registry', image('evil.example/app:1')],
    ['a repository below', image('registry.example/app/evil:1')],
    ['an image by a variable', { compose: COMPOSE.replace('registry.example/app:1', ['$', '{LEVEL}'].join('')) }],
    ['another image only in the list', { images: { web: { ref: 'evil.example/app:1', digest: null } } }],
    [
      'a further service',
      { images: { web: { ref: 'registry.example/app:1', digest: null }, b: { ref: 'x', digest: null } } },
    ],
    ['another command', { compose: COMPOSE.replace('serve', 'sh') }],
    ['a further line', { compose: `${COMPOSE}    privileged: true\n` }],
    ['a line more behind the image', { compose: COMPOSE.replace('app:1', 'app:2 # x') }],
    ['an image at another depth', { compose: COMPOSE.replace('    image:', '      image:') }],
    ['a further variable', { env: { LEVEL: 'info', FIXED: 'x', OTHER: 'x' } }],
    ['a variable less', { env: { LEVEL: 'info' } }],
    ['another variable', { env: { LEVEL: 'info', FIXED: 'y' } }],
    ['its state', { state: 'stopped' }],
    ['a volume to delete', { deleteVolumes: ['data'] }],
    ['an exception', { exceptions: [{ rule: 'r', service: null, value: 'v', reason: '' }] }],
    ['a file', { files: [{ path: 'a', sha256: 'a'.repeat(64) }] }],
    ['an unknown field', { later: true }],
  ])('REL-17: not %s', (_, changes) => {
    expect(codeOf(changes)).toBe('release.content-not-granted');
  });

  it('REL-17: not without an app before it', () => {
    expect(codeOf({}, limit, null)).toBe('release.content-not-granted');
  });
});
