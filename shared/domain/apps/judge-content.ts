import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { ReleaseBody } from './release-body.ts';
import { isSameJson } from './same-json.ts';

/** What a release may change against the one before it. */
export interface ContentLimit {
  /** Repositories of images that may come in place of others: `registry.example/app`, without tag and digest. */
  readonly images?: readonly string[] | undefined;
  /** Fields that may change: `env.NAME` for a plain variable of the stack. Other names allow nothing. */
  readonly fields?: readonly string[] | undefined;
}

/**
 * REL-17: is everything in this body as in the one before, but for what the limit names? Compose is compared as text, line
 * by line, so that nothing depends on how YAML is read: only a whole line `image: REF` may differ.
 */
export function judgeContent(previous: ReleaseBody | null, body: ReleaseBody, limit: ContentLimit): Result<void> {
  if (previous?.kind !== 'app' || body.kind !== 'app') return refuse('there is no app before it to compare it with');
  const { compose: before, images: imagesBefore, env: envBefore, ...restBefore } = previous;
  const { compose, images, env, ...rest } = body;
  if (!isSameJson(restBefore, rest)) return refuse('it changes more than images and variables');
  const variable = changedKeys(envBefore, env).find((name) => !limit.fields?.includes(`env.${name}`));
  if (variable !== undefined) return refuse(`it changes the variable ${variable}`);
  const lines = changedLines(before, compose);
  if (lines === undefined) return refuse('its Compose file differs in more than images');
  if (!isSameJson(Object.keys(imagesBefore).sort(), Object.keys(images).sort()))
    return refuse('it changes which services have images');
  const refs = changedKeys(imagesBefore, images).flatMap((service) => images[service]?.ref ?? []);
  const foreign = [...lines, ...refs].find((ref) => !limit.images?.includes(repositoryOf(ref)));
  return foreign === undefined ? ok() : refuse(`it brings an image of ${repositoryOf(foreign)}`);
}

/** An image reference without its tag and digest. */
function repositoryOf(ref: string): string {
  const [named = ''] = ref.split('@');
  const colon = named.lastIndexOf(':');
  return colon > named.lastIndexOf('/') ? named.slice(0, colon) : named;
}

/** The references on the lines that differ; undefined when another line does. */
function changedLines(before: string, after: string): readonly string[] | undefined {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  if (old.length !== fresh.length) return undefined;
  const refs: string[] = [];
  for (const [index, line] of fresh.entries()) {
    const was = old[index] ?? '';
    if (was === line) continue;
    const [from, to] = [IMAGE_LINE.exec(was), IMAGE_LINE.exec(line)];
    if (!from || !to || from[1] !== to[1]) return undefined;
    refs.push(to[3] ?? '');
  }
  return refs;
}

/** `image: REF`, plain or in quotes; a `$` would take the image from elsewhere. */
export const IMAGE_LINE = /^( +)image: (["']?)([A-Za-z0-9][A-Za-z0-9._/:@-]*)\2$/;

function changedKeys(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !isSameJson(before[key], after[key]),
  );
}

function refuse(why: string): Result<never> {
  return err(
    fault(
      'release.content-not-granted',
      'denied',
      `this release is by a device with a narrow grant, and ${why}`,
      'let an owner deploy this change, or widen the grant',
      { field: 'body' },
    ),
  );
}
