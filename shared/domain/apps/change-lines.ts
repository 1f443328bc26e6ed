import { isMap, isScalar, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { IMAGE_LINE } from './judge-content.ts';
import type { AppBody } from './release-body.ts';

/** Lines of a plan that a device signs on top of the last signed release, and nothing else. */
export interface ChangedLines {
  /** Reference by service. */
  readonly images: ReadonlyMap<string, string>;
  /** Value by variable. */
  readonly env: ReadonlyMap<string, string>;
}

/** What is in an image reference; a `$` would take it from elsewhere. */
const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,511}$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/**
 * REL-17: the body with these images and variables in place of its own. Everything else stays to the letter, so that a
 * node which compares it finds these lines only.
 */
export function withLines(body: AppBody, lines: ChangedLines): Result<AppBody> {
  let { compose } = body;
  const images = { ...body.images };
  for (const [service, ref] of lines.images) {
    if (images[service] === undefined) return err(unknownService(service, Object.keys(images)));
    const changed = withImage(compose, service, ref);
    if (!changed.ok) return changed;
    compose = changed.value;
    images[service] = { ...images[service], ref, digest: ref.split('@')[1] ?? null };
  }
  for (const name of lines.env.keys()) if (!VARIABLE.test(name)) return err(badVariable(name));
  return ok({ ...body, compose, images, env: { ...body.env, ...Object.fromEntries(lines.env) } });
}

/** A Compose file with another image for one service; nothing else of the text changes. */
export function withImage(compose: string, service: string, ref: string): Result<string> {
  if (!REFERENCE.test(ref)) return err(badReference(ref));
  const node = imageOf(compose, service);
  const range = node?.range;
  if (!range) return err(notPlain(service));
  const written = compose.slice(range[0], range[1]);
  const quote = /^["']/.exec(written)?.[0] ?? '';
  const changed = `${compose.slice(0, range[0])}${quote}${ref}${quote}${compose.slice(range[1])}`;
  const line = (text: string) => text.slice(text.lastIndexOf('\n', range[0] - 1) + 1).split('\n', 1)[0] ?? '';
  return IMAGE_LINE.test(line(compose)) && IMAGE_LINE.test(line(changed)) ? ok(changed) : err(notPlain(service));
}

/** Where the file says the image of a service; undefined where it comes from an anchor or a merge. */
function imageOf(compose: string, service: string): Scalar | undefined {
  const document = parseDocument(compose, { maxAliasCount: 100, uniqueKeys: true } as never);
  const services = isMap(document.contents) ? document.contents.get('services', true) : undefined;
  const one = isMap(services) ? (services as YAMLMap).get(service, true) : undefined;
  const image = isMap(one) ? (one as YAMLMap).get('image', true) : undefined;
  return isScalar(image) ? image : undefined;
}

function unknownService(service: string, services: readonly string[]) {
  return fault(
    'app.unknown-service',
    'permanent',
    `the app has no service ${JSON.stringify(service)}`,
    `It has: ${services.join(', ')}.`,
    { field: '--image' },
  );
}

function badReference(ref: string) {
  return fault(
    'app.bad-image',
    'permanent',
    `${JSON.stringify(ref)} is no image reference`,
    'Write it as repository:tag or repository:tag@sha256:DIGEST.',
    { field: '--image' },
  );
}

function notPlain(service: string) {
  return fault(
    'app.image-not-plain',
    'permanent',
    `the Compose file does not say the image of ${service} on a line of its own, as "image: REPOSITORY:TAG"`,
    'Write it so and deploy that once; where it holds a variable, change the variable with --env.',
    { field: '--image' },
  );
}

function badVariable(name: string) {
  return fault(
    'app.bad-variable',
    'permanent',
    `${JSON.stringify(name)} is no name of a variable`,
    'Use letters, digits and underscores, not beginning with a digit.',
    { field: '--env' },
  );
}
