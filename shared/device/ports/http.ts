/** One request to the core. Which address it goes to, and how the core proves itself there, is the port's business. */
export interface HttpRequest {
  readonly method: string;
  /** Path with its query, as `/api/v1/nodes`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
  /** Silence after which the request counts as lost, in milliseconds; 0 waits for ever. */
  readonly timeoutMs: number;
}

/** The head of an answer, and its body as it comes. */
export interface HttpAnswer {
  readonly status: number;
  /** A header by its name in lower case. */
  header(name: string): string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives up the rest of the body: whoever reads it sees its end or an error. */
  cancel(): void;
}

/**
 * Speaks HTTPS with one core over the addresses it is known by. Node pins the core's key, a browser trusts the
 * certificate that its page came with.
 */
export interface HttpPort {
  /**
   * Resolves when the head of the answer is there. Rejects with a FaultError (`core.unreachable` when no address
   * answered, `core.wrong-key`), or with an AbortError when `signal` ended it.
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}
