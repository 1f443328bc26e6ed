import type { Bridge, DocumentConnection } from '#shared/contracts/ipc/index.ts';

/**
 * A WebSocket look-alike over the bridge, for the published WebsocketProvider of y-websocket: it uses `binaryType`,
 * `send`, `close` and the four `on…` handlers, and nothing else. Close codes are the host's own.
 */
export function createDocumentSocket(bridge: Bridge, name: string): typeof WebSocket {
  class DocumentSocket {
    binaryType = 'arraybuffer';
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: Uint8Array }) => void) | null = null;
    onclose: ((event: { code: number; reason: string }) => void) | null = null;
    onerror: ((event: unknown) => void) | null = null;
    readonly #connection: DocumentConnection;

    constructor() {
      this.#connection = bridge.openDocument(name, {
        onOpen: () => this.onopen?.(),
        onData: (data) => this.onmessage?.({ data }),
        onClose: (code, reason) => this.onclose?.({ code, reason }),
      });
    }

    send(bytes: Uint8Array): void {
      this.#connection.send(bytes);
    }

    close(): void {
      this.#connection.close();
      this.onclose?.({ code: 1000, reason: '' });
    }
  }
  return DocumentSocket as unknown as typeof WebSocket;
}
