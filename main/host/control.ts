import type { Result } from '#shared/kernel/index.ts';

/**
 * What the main process and the replica host's process say to each other. Both come from one build and trust each
 * other: the host holds the device's keys while it runs, the main process seals them for the disk. Bridges run over
 * ports of their own.
 */
export type MainToHost =
  | { readonly type: 'start'; readonly paths: HostPaths }
  /** With one port: a bridge for a page, or for the main process itself. */
  | { readonly type: 'bridge' }
  /** The machine slept, or the network changed: what waits to try again tries now. */
  | { readonly type: 'wake' }
  /** Write down what is gathered and end. */
  | { readonly type: 'stop' }
  | { readonly type: 'vault-answer'; readonly id: number; readonly result: Result<string | null> };

export type HostToMain =
  | { readonly type: 'vault'; readonly id: number; readonly ask: VaultAsk }
  /** Something that must not happen; for the log. */
  | { readonly type: 'bug'; readonly text: string };

/** What the host asks of the key vault. An answer without a value is null. */
export type VaultAsk =
  | { readonly does: 'load' }
  | { readonly does: 'save'; readonly secrets: string }
  | { readonly does: 'remove' };

/** Where the host finds and keeps things. */
export interface HostPaths {
  /** Folder of this device: the replica and its lock. */
  readonly home: string;
  readonly catalog: string;
}
