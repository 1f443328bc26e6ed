/**
 * Loaded into a core by `--import`: tells the process that started it how much of the processor the main thread took without
 * letting anything else run, and for which request. Processor time, not the clock: a busy machine makes nothing late.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** What the probe sends: a stretch of the main thread, and the request that had come in last. */
export interface LongTurn {
  readonly cpuMs: number;
  readonly request: string;
}

const TICK_MS = 5;
/** Shorter stretches are of no interest. */
const TOLD_FROM_MS = 25;

let request = 'none';
let before = cpuMs();

subscribe('http.server.request.start', (message) => {
  const { request: asked } = message as { request: IncomingMessage };
  request = `${asked.method} ${asked.url}`.slice(0, 500);
});

// Ticks come between turns of the loop: what lies between two of them holds every turn whole.
setInterval(() => {
  const now = cpuMs();
  const took = now - before;
  if (took >= TOLD_FROM_MS) process.send?.({ cpuMs: Math.round(took), request } satisfies LongTurn);
  before = cpuMs();
}, TICK_MS).unref();

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
