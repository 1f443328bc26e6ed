import type { IncomingHttpHeaders } from 'node:http';
import { type Fault, fault } from '#shared/kernel/index.ts';

/**
 * Refuses a request that a browser makes for the page of another site. Programs send no Origin; the screens send that
 * of the core they came from. A session travels in a header that no browser adds by itself, so this is the second
 * wall. A site that binds its own name to the core's address (DNS rebinding) would pass here, but not the
 * certificate, and finds no session under its own origin.
 */
export function checkOrigin(headers: IncomingHttpHeaders): Fault | undefined {
  const { origin, host } = headers;
  if (origin === undefined || (host !== undefined && origin.toLowerCase() === `https://${host.toLowerCase()}`))
    return undefined;
  return fault(
    'request.foreign-origin',
    'denied',
    `The page ${origin.slice(0, 200)} may not use this core, which was asked as ${(host ?? '').slice(0, 200)}.`,
    "Open the core's own address. A proxy in front of it must pass the header Host on unchanged.",
    { field: 'origin' },
  );
}
