/**
 * What the page of the screens may do in the desktop. As the core's policy for browsers, but tighter: everything it
 * knows comes over the bridge, so it connects to nothing at all.
 */
const appPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // Mantine and CodeMirror write style elements; a style runs no code and finds no address that it may load.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "worker-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // Connections between browsers do not ask connect-src: without this a page that was taken over has a way out.
  "webrtc 'block'",
].join('; ');

/** A prompt has no script at all: its preload script draws it. */
const promptPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer of `overseer://`. */
export function pageHeaders(area: 'app' | 'prompt', contentType: string): Record<string, string> {
  return {
    'content-type': contentType,
    'content-security-policy': area === 'app' ? appPolicy : promptPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}
