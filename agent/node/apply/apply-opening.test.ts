import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpeningBody } from '#shared/domain/apps/index.ts';
import { type Opening, usesOpening } from '#shared/domain/policies/index.ts';
import { FaultError } from '#shared/kernel/index.ts';
import type { StandingOpening } from '../openings.ts';
import { applyOpening } from './apply-opening.ts';
import type { ApplierContext } from './context.ts';
import type { OpeningRequest } from './request.ts';
import { createStepper } from './steps.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'opening-')));
  mkdirSync(join(root, 'media/films'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const body = (more: Partial<OpeningBody> = {}): OpeningBody => ({
  v: 1,
  kind: 'opening',
  name: 'media',
  state: 'running',
  what: 'folder',
  path: join(root, 'media'),
  readOnly: true,
  secrets: [],
  ...more,
});
const standing = (more: Partial<StandingOpening>): StandingOpening => ({ ...body(), appId: 'other', ...more });

/** What an app of the node has signed: it names the folder "media" for reading. */
const exception = { rule: 'host-folder', service: null, value: 'opened media:/media:ro' };

async function apply(
  next: OpeningBody,
  about: { before?: OpeningBody; open?: StandingOpening[]; used?: boolean } = {},
) {
  const context = {
    ownFolders: ['/var/lib/overseer/node'],
    openings: {
      list: () => about.open ?? [],
      usersOf: (opening: Pick<Opening, 'name' | 'what'>) =>
        about.used && usesOpening([exception], opening) ? ['jellyfin'] : [],
    },
  } as unknown as ApplierContext;
  const { signal } = new AbortController();
  const previousGood = about.before ? { number: 1, header: 'h', digests: {}, body: about.before } : null;
  const request = { appId: 'mine', number: 2, header: 'i', body: next, previousGood, signal } as OpeningRequest;
  try {
    return (
      await applyOpening(
        context,
        request,
        createStepper(() => undefined, signal),
      )
    ).outcome;
  } catch (cause) {
    if (cause instanceof FaultError) return cause.fault;
    throw cause;
  }
}

describe('opening and closing', () => {
  test('host-folder: a folder is opened where it lies, and refused where nothing does', async () => {
    expect(await apply(body())).toBe('succeeded');
    expect(await apply(body({ path: join(root, 'nowhere') }))).toMatchObject({ code: 'opening.bad-path' });
    expect(await apply(body({ path: '/etc' }))).toMatchObject({ code: 'opening.bad-path' });
  });

  test('one name stands for one thing', async () => {
    const open = [standing({ path: join(root, 'other') })];
    expect(await apply(body(), { open })).toMatchObject({ code: 'opening.name-taken' });
    expect(await apply(body({ name: 'films' }), { open })).toBe('succeeded');
    expect(await apply(body(), { open: [{ ...body(), appId: 'mine' }] })).toBe('succeeded');
  });

  test('host-folder: no opened folder lies in one that apps can write', async () => {
    const films = join(root, 'media/films');
    const outer = standing({ name: 'all', path: join(root, 'media'), readOnly: false });
    expect(await apply(body({ name: 'films', path: films }), { open: [outer] })).toMatchObject({
      code: 'opening.bad-path',
    });
    expect(await apply(body({ name: 'films', path: films }), { open: [{ ...outer, readOnly: true }] })).toBe(
      'succeeded',
    );
    const inner = standing({ name: 'films', path: films });
    expect(await apply(body({ readOnly: false }), { open: [inner] })).toMatchObject({ code: 'opening.bad-path' });
    expect(await apply(body(), { open: [inner] })).toBe('succeeded');
  });

  test('what a running app uses is neither closed nor made less, and the apps are named', async () => {
    const refused = { code: 'opening.in-use', detail: { apps: 'jellyfin' } };
    const about = { before: body(), used: true };
    expect(await apply(body({ state: 'removed' }), about)).toMatchObject(refused);
    expect(await apply(body({ path: join(root, 'media/films') }), about)).toMatchObject(refused);
    expect(await apply(body(), { before: body({ readOnly: false }), used: true })).toMatchObject(refused);
    expect(await apply(body({ readOnly: false }), about)).toBe('succeeded');
    expect(await apply(body({ state: 'removed' }), { before: body() })).toBe('succeeded');
    // Its folder may be gone by then.
    const gone = join(root, 'gone');
    expect(await apply(body({ state: 'removed', path: gone }), { before: body({ path: gone }) })).toBe('succeeded');
  });
});
