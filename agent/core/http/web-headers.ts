/**
 * What the page of the screens may do. It talks to one host, runs only files of the bundle, and nothing may frame it,
 * so that a hole in it finds no way to load code or to carry anything away.
 */
const policy = {
  // What is not named below is not allowed: frames, media, plugins, prefetching.
  'default-src': "'none'",
  // Files of the bundle only: no inline script, no eval, no other host, no nonce that a template could leak.
  'script-src': "'self'",
  // The replica host runs in a worker, the service worker keeps the page; both are files of the bundle.
  'worker-src': "'self'",
  // Mantine and CodeMirror write style elements and attributes while they run. A style runs no code, and with img-src
  // and font-src as they are it can not carry data away by an address.
  'style-src': "'self' 'unsafe-inline'",
  // data: for the small pictures that Mantine's and CodeMirror's styles bring along.
  'img-src': "'self' data:",
  'font-src': "'self'",
  // The API of this core, and its WebSockets, which older Safari does not count as 'self'; the host is put in for each
  // answer.
  'connect-src': "'self'",
  'manifest-src': "'self'",
  // Nobody draws the page in a frame and lets a person click through it.
  'frame-ancestors': "'none'",
  // A <base> that was slipped in would turn every relative address elsewhere.
  'base-uri': "'none'",
  // The page submits no form to anywhere: it calls the API.
  'form-action': "'none'",
} as const;

/** Features of the browser that the screens do not use; a script that gets in does not get them either. */
const unusedFeatures = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
];
unusedFeatures.push(
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'serial',
  'usb',
  'xr-spatial-tracking',
);

/** A host as browsers send it, with nothing in it that could end a word of the policy. */
const plainHost = /^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * The headers of every document and asset of the screens; `host` is that of the request.
 * No Strict-Transport-Security: it binds a whole host name, other ports too, and forbids a person to go on past a
 * certificate that the browser does not know, which is how every new core with its own certificate is met.
 */
export function webHeaders(host: string | undefined): Record<string, string> {
  const sockets = host !== undefined && plainHost.test(host) ? ` wss://${host}` : '';
  const words = { ...policy, 'connect-src': `${policy['connect-src']}${sockets}` };
  return {
    'content-security-policy': Object.entries(words)
      .map(([name, value]) => `${name} ${value}`)
      .join('; '),
    // Addresses of screens name apps and nodes: they go nowhere, not even to an app that a link opens.
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    // A page that opened this one, or was opened by it, holds no handle on it.
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': unusedFeatures.map((name) => `${name}=()`).join(', '),
  };
}
