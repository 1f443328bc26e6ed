import type { CoreAddress } from '#shared/trust/index.ts';
import type { HttpPort } from './http.ts';
import type { SocketPort } from './sockets.ts';

/** The two ways to one core. */
export interface CorePorts {
  readonly http: HttpPort;
  readonly sockets: SocketPort;
}

/** A core as a device knows it: where to try, and the hex SHA-256 of the key that it must hold. */
export interface KnownCore {
  readonly addresses: readonly CoreAddress[];
  readonly spki: string;
}

/** Makes the ports to a core. Connects lazily. */
export type OpenCore = (core: KnownCore) => CorePorts;
