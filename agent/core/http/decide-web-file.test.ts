import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideWebFile } from './decide-web-file.ts';

const files = new Set(['index.html', 'service-worker.js', 'assets/index-abc.js']);

describe('what a path that is no operation gives', () => {
  it.each(['/', '/index.html', '/apps', '/apps/', '/apps/01H/logs', '/routes/app.example.com', '/caf%C3%A9'])(
    'the page for %s',
    (path) => expect(decideWebFile(path, files)).toEqual({ kind: 'page' }),
  );

  it('a hashed file for ever, another one for now', () => {
    expect(decideWebFile('/assets/index-abc.js', files)).toMatchObject({ kind: 'file', forever: true });
    expect(decideWebFile('/service-worker.js', files)).toMatchObject({ kind: 'file', forever: false });
  });

  it.each([
    '/api',
    '/api/v1/unknown',
    '/%61pi/v1/apps',
    '/assets',
    '/assets/',
    '/assets/index-old.js',
    '/assets/index-abc.js/',
    '/assets/index-abc.js.br',
    '/favicon.ico',
    '/.env',
    '/.vite/manifest.json',
    '/apps/.git/config',
    '/..',
    '/../overseer.mjs',
    '/assets/../../overseer.mjs',
    '/%2e%2e/overseer.mjs',
    '/assets/..%2f..%2foverseer.mjs',
    '/assets/..%5c..%5coverseer.mjs',
    '/apps\\..\\x',
    '//evil.example/x',
    '/apps//x',
    '/apps/%00',
    '/apps/%0d%0aset-cookie:x',
    '/%',
    '/%e0%a4',
    'apps',
    '*',
  ])('nothing for %s', (path) => expect(decideWebFile(path, files)).toEqual({ kind: 'nothing' }));

  it('never a file that is not listed, whatever the path', () => {
    const piece = fc.constantFrom('.', '..', '/', '\\', '%2e', '%2f', '%5c', '%00', 'assets', 'api', 'index.html', 'a');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const answer = decideWebFile(`/${pieces.join('')}`, files);
        return answer.kind !== 'file' || files.has(answer.file);
      }),
    );
  });
});
