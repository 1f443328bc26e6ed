import { APP_ORIGIN, PROMPT_ORIGIN } from '#shared/contracts/ipc/desktop.ts';

/** What an address of ours stands for: a file below one of two folders, or nothing. */
export type Served = { readonly area: 'app' | 'prompt'; readonly file: string } | { readonly status: 404 | 405 };

const segment = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const promptFiles = ['prompt.html', 'prompt.css'];

/**
 * Which file answers a request to `overseer://`. Pure: it never looks at the disk. Addresses of screens (no extension)
 * are index.html; a segment that could climb, hide or mean something to a file system is refused.
 */
export function decideFile(method: string, url: string): Served {
  if (method !== 'GET') return { status: 405 };
  if (!URL.canParse(url)) return { status: 404 };
  const parsed = new URL(url);
  const origin = `${parsed.protocol}//${parsed.host}`;
  const segments = parsed.pathname.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  const file = segments.join('/');
  if (origin === PROMPT_ORIGIN) {
    if (file === '') return { area: 'prompt', file: 'prompt.html' };
    return promptFiles.includes(file) ? { area: 'prompt', file } : { status: 404 };
  }
  if (origin !== APP_ORIGIN) return { status: 404 };
  const isScreen = !(segments.at(-1) ?? '').includes('.') && segments[0] !== 'assets';
  if (isScreen) return { area: 'app', file: 'index.html' };
  // Not decoded: no file of ours has a name that needs it, so a % can only be an attempt.
  return segments.every((one) => segment.test(one)) ? { area: 'app', file } : { status: 404 };
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
  webmanifest: 'application/manifest+json',
};

/** The content type by extension; undefined for what is never served. */
export function contentTypeOf(file: string): string | undefined {
  const extension = file.slice(file.lastIndexOf('.') + 1);
  return Object.hasOwn(types, extension) ? types[extension] : undefined;
}
