import type { CorePorts, KnownCore, OpenCore } from '../ports/core-ports.ts';

/**
 * The ports to the core that counts now: when the trust log names another key, what is asked from then on goes there.
 * What was under way at the old one is left to end by itself.
 */
export function followCore(openCore: OpenCore, known: () => KnownCore): CorePorts & { spki(): string } {
  let spki = known().spki;
  let ports = openCore(known());
  const now = (): CorePorts => {
    if (known().spki !== spki) {
      spki = known().spki;
      ports = openCore(known());
    }
    return ports;
  };
  return {
    spki: () => known().spki,
    http: {
      send: (request) => now().http.send(request),
      close: () => ports.http.close(),
    },
    sockets: { open: (request) => now().sockets.open(request) },
  };
}
