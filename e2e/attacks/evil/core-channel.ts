import type { NodeToCore } from '#shared/contracts/link/messages.ts';

/** What evil-core is started with. */
export interface EvilCoreStart {
  readonly host: string;
  readonly port: number;
  readonly tlsKey: string;
  readonly tlsCert: string;
}

export type EvilCoreOrder =
  | { readonly do: 'raw'; readonly node: string; readonly text: string }
  | { readonly do: 'hang-up'; readonly node: string };

export type EvilCoreEvent =
  | { readonly on: 'listening' }
  | { readonly on: 'message'; readonly node: string; readonly message: NodeToCore }
  | { readonly on: 'closed'; readonly node: string; readonly code: number }
  | { readonly on: 'unreadable'; readonly text: string };

/** The first word over the channel: what a core is started with. */
export const startedWith = <Start extends EvilCoreStart>(): Promise<Start> =>
  new Promise((resolve) => process.once('message', (about: Start) => resolve(about)));
