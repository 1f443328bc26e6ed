/**
 * The same stack with another program in Miniflux's place: it starts, turns healthy, and after three seconds unhealthy.
 * A public image, so that every engine can have it.
 */
export function brokenVersion(compose: string): string {
  const [head = '', tail = ''] = compose.split(/(?<=miniflux:\n)(?= {4}image:)/);
  const without = tail.replace(/ {4}healthcheck:\n(?: {6}.*\n)+/, '');
  if (without === tail) throw new Error('the stack has no service miniflux with a health check');
  return head + without.replace(/ {4}image: \S+\n/, `${TURNS_BAD.map((line) => `    ${line}`).join('\n')}\n`);
}

/** Image of {@link brokenVersion}. */
export const BROKEN_IMAGE = 'busybox:1.36';

const SERVE =
  'mkdir /tmp/www; echo fine > /tmp/www/index.html; (sleep 3; rm /tmp/www/index.html) & exec httpd -f -p 8080 -h /tmp/www';
const TURNS_BAD = [
  `image: ${BROKEN_IMAGE}`,
  `command: [sh, -c, "${SERVE}"]`,
  'init: true',
  'healthcheck:',
  '  test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:8080/"]',
  '  interval: 1s',
  '  timeout: 2s',
  '  retries: 1',
];
