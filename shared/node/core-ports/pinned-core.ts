import type { CorePorts } from '#shared/device/index.ts';
import { FaultError } from '#shared/kernel/index.ts';
import type { Pin } from '#shared/node/pinned-tls.ts';
import { createPinnedAgent } from './pinned-agent.ts';
import { type HttpAddress, sendHttp } from './pinned-http.ts';
import { openPinnedSocket } from './pinned-sockets.ts';

/** The ports to a core that must hold an accepted key: the first address that answers with it is used from then on. */
export function createPinnedCore(about: { addresses: readonly HttpAddress[]; pin: Pin }): CorePorts {
  const { addresses, pin } = about;
  const agent = createPinnedAgent(pin);
  let chosen: HttpAddress | undefined;
  return {
    http: {
      async send(request) {
        let last: unknown;
        for (const address of chosen ? [chosen] : addresses) {
          try {
            const answer = await sendHttp(agent, address, request);
            chosen = address;
            return answer;
          } catch (error) {
            // A laptop that moved reaches its core by another address: the next request tries them all again.
            chosen = undefined;
            if (!(error instanceof FaultError) || error.fault.code !== 'core.unreachable') throw error;
            last = error;
          }
        }
        throw last;
      },
      close: () => agent.destroy(),
    },
    sockets: {
      open: (request) => openPinnedSocket(chosen ?? (addresses[0] as HttpAddress), pin, request),
    },
  };
}
