import type { LogLineView } from '#shared/contracts/ipc/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import { type LogLine, readAgentLogs, readLogs } from '../../fleet/read-logs.ts';
import type { DeviceContext } from '../../ports/device-context.ts';
import { needsCore } from '../calls/fleet-call.ts';
import type { FleetHost } from '../fleet-host.ts';
import type { Sink } from '../live/sink.ts';
import { createLineBatches } from './batch-lines.ts';

/** Follows the log of an app to one screen. Returns the end of it. */
export function followLogs(
  host: FleetHost,
  about: { appId: string; service?: string | undefined; tail: number },
  sink: Sink,
): () => void {
  return follow(host, sink, async (context, take) => {
    const view = host.model.view(about.appId);
    if (!view.ok) return view;
    const order = { ...about, node: view.value.node ?? '', follow: true };
    return readLogs(context, host.fleet, order, take);
  });
}

/** Follows the log of a node's own agent. */
export function followAgentLogs(host: FleetHost, about: { nodeId: string; tail: number }, sink: Sink): () => void {
  return follow(host, sink, (context, take) =>
    readAgentLogs(context, host.fleet, { node: about.nodeId, tail: about.tail, follow: true }, take),
  );
}

function follow(
  host: FleetHost,
  sink: Sink,
  read: (context: DeviceContext, take: (line: LogLine) => Promise<void>) => Promise<Result<void>>,
): () => void {
  const ended = new AbortController();
  const context = { ...host.context, signal: AbortSignal.any([host.context.signal, ended.signal]) };
  const batches = createLineBatches(context.timers, (append: readonly LogLineView[]) => sink.push({ append }));
  const run = async (): Promise<void> => {
    const online = needsCore(host);
    const result = online.ok ? await read(context, batches.add) : online;
    if (ended.signal.aborted) return;
    await batches.end();
    sink.end(result.ok ? null : result.error);
  };
  run().catch((error: unknown) => {
    host.ports.onBug(error);
    sink.end(null);
  });
  return () => ended.abort();
}
