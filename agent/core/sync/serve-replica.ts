import type { WebSocket } from 'ws';
import { type CoreToReplica, replicaToCoreSchema, SYNC_MAX_FRAME_BYTES } from '#shared/contracts/sync/messages.ts';
import { FaultError } from '#shared/kernel/index.ts';
import type { Envelope } from '#shared/trust/index.ts';
import type { Core } from '../core.ts';
import { parseFrame } from '../link/serve-stream.ts';
import type { Session } from '../sessions/session-book.ts';
import { actorOf, readEnvelopes } from '../usecases/caller.ts';

/** Room for rows in one frame, in bytes of JSON. */
const FRAME_ROOM = SYNC_MAX_FRAME_BYTES - 64 * 1024;
const MAX_ROWS = 256;
const TRUST_PART = 256;
/** Open replicas of one device: a desktop, its command line, tabs of a browser. */
const MAX_OF_DEVICE = 16;

/** Open replicas, for the relay of rows. */
const replicas = new WeakMap<Core, Map<WebSocket, (message: CoreToReplica) => void>>();

/** Serves the sync protocol to one replica. */
export function serveReplica(core: Core, webSocket: WebSocket, session: Session): void {
  const open = replicasOf(core);
  const tell = (message: CoreToReplica): void => {
    if (webSocket.readyState === webSocket.OPEN) webSocket.send(JSON.stringify(message));
  };
  if (countOf(core, session.deviceId) >= MAX_OF_DEVICE) {
    webSocket.close(4429, 'request.too-many');
    return;
  }
  count(core, session.deviceId, 1);
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  webSocket.on('close', () => {
    open.delete(webSocket);
    count(core, session.deviceId, -1);
  });
  webSocket.on('message', (data, isBinary) => {
    const message = isBinary ? undefined : replicaToCoreSchema.safeParse(parseFrame(String(data)));
    if (message?.success !== true) return webSocket.close(4400, 'request.invalid');
    // One message at a time: what a fast sender has more of waits on his side, not in this memory.
    waiting += 1;
    webSocket.pause();
    last = last
      .then(() => handle(message.data))
      .catch((error: unknown) => {
        // 45xx and 4429: come again later. Nothing was acknowledged.
        const code = error instanceof FaultError ? error.fault.code : 'core.internal';
        core.log.warn('A sync message failed', { device: session.deviceId, code });
        webSocket.close(closeCodeOf(code), code);
      })
      .finally(() => {
        waiting -= 1;
        if (waiting === 0) webSocket.resume();
      });
  });

  async function handle(message: ReturnType<typeof replicaToCoreSchema.parse>): Promise<void> {
    if (message.type === 'push') {
      const taken = await core.rows.push(readEnvelopes(message.rows), actorOf(session));
      tell({ type: 'ack', id: message.id, ...taken });
      return;
    }
    const state = core.trust.current();
    if (message.trustHead !== state.head) sendTrust(state.entries, tell);
    open.set(webSocket, tell);
    for (const part of splitRows(core.rows.missing(message.heads))) tell({ type: 'rows', rows: part as never });
    tell({ type: 'synced', heads: core.rows.heads() as never });
  }
}

function closeCodeOf(code: string): number {
  if (code === 'row.too-many-refused') return 4429;
  return code.startsWith('store.') || code === 'core.internal' ? 4500 : 4403;
}

/** How many replicas each device has open. */
const counts = new WeakMap<Core, Map<string, number>>();
const countOf = (core: Core, device: string): number => counts.get(core)?.get(device) ?? 0;

function count(core: Core, device: string, change: 1 | -1): void {
  const all = counts.get(core) ?? new Map<string, number>();
  counts.set(core, all);
  const now = (all.get(device) ?? 0) + change;
  if (now > 0) all.set(device, now);
  else all.delete(device);
}

function sendTrust(entries: readonly Envelope[], tell: (message: CoreToReplica) => void): void {
  for (let from = 0; from < entries.length; from += TRUST_PART) {
    tell({ type: 'trust', entries: entries.slice(from, from + TRUST_PART) as never });
  }
}

/** Rows in parts that fit a frame. */
export function splitRows(rows: readonly Envelope[]): Envelope[][] {
  const parts: Envelope[][] = [];
  let part: Envelope[] = [];
  let size = 0;
  for (const row of rows) {
    const length = row.payload.length + 512;
    if (part.length > 0 && (size + length > FRAME_ROOM || part.length >= MAX_ROWS)) {
      parts.push(part);
      part = [];
      size = 0;
    }
    part.push(row);
    size += length;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

function replicasOf(core: Core): Map<WebSocket, (message: CoreToReplica) => void> {
  const known = replicas.get(core);
  if (known !== undefined) return known;
  const open = new Map<WebSocket, (message: CoreToReplica) => void>();
  replicas.set(core, open);
  core.rows.onNewRows((rows) => {
    for (const part of splitRows(rows)) for (const tell of open.values()) tell({ type: 'rows', rows: part as never });
  });
  core.trust.onExtended((entries) => {
    for (const tell of open.values()) sendTrust(entries, tell);
  });
  return open;
}
