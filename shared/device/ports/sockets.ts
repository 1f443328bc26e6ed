/** Which WebSocket of the core, and by which single-use ticket. */
export interface SocketRequest {
  readonly path: string;
  /** Subprotocol. */
  readonly protocol: string;
  readonly ticket: string;
  /** Largest message taken, in bytes. */
  readonly maxFrameBytes: number;
  /** Closes the socket. */
  readonly signal: AbortSignal;
}

/** An open WebSocket that carries text. */
export interface Socket {
  send(text: string): void;
  /** Messages until the socket closes; throws a FaultError when it closed before `close` was called. */
  readonly messages: AsyncIterable<string>;
  close(): void;
}

/** Opens WebSockets to the core that the HttpPort beside it speaks to. */
export interface SocketPort {
  /** Rejects with a FaultError: `core.unreachable`, `core.wrong-key`. */
  open(request: SocketRequest): Promise<Socket>;
}
