import type { CoreToNode } from '#shared/contracts/link/messages.ts';
import type { Fault } from '#shared/kernel/index.ts';

/** The node's word on a command. */
export interface CommandResult {
  readonly ok: boolean;
  readonly fault: Fault | null;
  /** base64, sealed to the command's replyKey. */
  readonly hello: string | null;
}

/** Who listens to the answer of one command. */
export interface CommandListener {
  onResult(result: CommandResult): void;
  /** A sealed frame, base64. */
  onFrame(data: string): void;
  /** The node's link went away. */
  onLost(): void;
}

/** Passes commands to nodes and their sealed answers back; it can read none of them. */
export interface CommandBroker {
  /** False when the node is not connected. `hash` is the command's item hash. */
  start(node: string, hash: string, message: CoreToNode, listener: CommandListener): boolean;
  credit(hash: string, frames: number): void;
  cancel(hash: string): void;
  /** From the node. */
  result(node: string, hash: string, result: CommandResult): void;
  frame(node: string, hash: string, data: string): void;
  nodeLost(node: string): void;
}

/** Makes the broker; `send` gives false when the node is not connected. */
export function createCommandBroker(send: (node: string, message: CoreToNode) => boolean): CommandBroker {
  const open = new Map<string, { node: string; listener: CommandListener }>();
  // A node answers only for commands that went to it.
  const of = (node: string, hash: string) => {
    const found = open.get(hash);
    return found?.node === node ? found : undefined;
  };
  return {
    start(node, hash, message, listener) {
      if (!send(node, message)) return false;
      open.set(hash, { node, listener });
      return true;
    },
    credit(hash, frames) {
      const found = open.get(hash);
      if (found !== undefined) send(found.node, { type: 'credit', command: hash, frames });
    },
    cancel(hash) {
      const found = open.get(hash);
      if (found === undefined) return;
      open.delete(hash);
      send(found.node, { type: 'cancel', command: hash });
    },
    result: (node, hash, result) => of(node, hash)?.listener.onResult(result),
    frame: (node, hash, data) => of(node, hash)?.listener.onFrame(data),
    nodeLost(node) {
      for (const [hash, found] of [...open]) {
        if (found.node !== node) continue;
        open.delete(hash);
        found.listener.onLost();
      }
    },
  };
}
