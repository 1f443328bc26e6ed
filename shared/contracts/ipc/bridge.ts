import type { Fault, Result } from '#shared/kernel/index.ts';
import type { CallInput, CallName, CallOutput } from './calls.ts';
import type { TopicMessage, TopicName, TopicParams } from './topics.ts';

/** Two-way pipe of structured-clone messages: a MessagePort of a browser, of Electron, or a pair in memory. */
export interface BridgePort {
  post(message: unknown): void;
  /** Replaces the listener. */
  onMessage(listener: (message: unknown) => void): void;
  close(): void;
}

/** One open connection to a view document; carries the y-websocket protocol. */
export interface DocumentConnection {
  send(bytes: Uint8Array): void;
  close(): void;
}

export interface DocumentListener {
  onOpen(): void;
  onData(bytes: Uint8Array): void;
  onClose(code: number, reason: string): void;
}

export interface TopicListener<N extends TopicName> {
  onMessage(message: TopicMessage<N>): void;
  onEnd(fault: Fault | null): void;
}

/** Everything a screen may ask of its device, in the browser and in Electron alike. */
export interface Bridge {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>;
  /** Gives the present state at once, then what changes. Returns the end of it. */
  subscribe<N extends TopicName>(topic: N, params: TopicParams<N>, listener: TopicListener<N>): () => void;
  openDocument(name: string, listener: DocumentListener): DocumentConnection;
}

/** What a replica host does for one screen. Answers leave only after they fit the schema of the call. */
export interface BridgeHandlers {
  call<N extends CallName>(name: N, input: unknown): Promise<Result<CallOutput<N>>>;
  /** `push` is waited for in streams: it resolves when the reader wants more. */
  subscribe(
    topic: TopicName,
    params: unknown,
    sink: { push(message: unknown): Promise<void>; end(fault: Fault | null): void },
  ): () => void;
  openDocument(
    name: string,
    listener: { onData(bytes: Uint8Array): void; onClose(code: number, reason: string): void },
  ): DocumentConnection;
}
