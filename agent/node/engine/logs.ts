import type { Readable } from 'node:stream';
import type { ContainerState, Engine } from './engine.ts';
import { createLineReader, type OutputLine } from './lines.ts';

/** A line and the service it came from. */
export interface LogLine extends OutputLine {
  readonly service: string;
}

/** Which lines of an app are wanted. */
export interface LogRequest {
  readonly appId: string;
  /** One service; all where it is not given. */
  readonly service?: string;
  /** Newest lines per container; 0 only with `follow`. */
  readonly tail: number;
  readonly follow: boolean;
  /** Seconds since the epoch. */
  readonly since?: number;
  readonly signal: AbortSignal;
}

/** How many lines may wait for a slow reader before the engine is not read on. */
const WAITING_MAX = 2_000;

/** Reads the log of an app's containers. What was there comes in the order of its times, what follows as it comes. */
export async function* readLogs(engine: Engine, request: LogRequest): AsyncGenerator<LogLine> {
  const all = await engine.containersOf(request.appId);
  const containers = all.filter((one) => request.service === undefined || one.service === request.service);
  if (!request.follow) {
    const past: LogLine[] = [];
    for (const container of containers) past.push(...(await readPast(engine, container, request)));
    yield* past.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    return;
  }
  yield* followAll(engine, containers, request);
}

const optionsOf = (request: LogRequest) => ({
  stdout: true,
  stderr: true,
  timestamps: true,
  tail: request.tail,
  ...(request.since === undefined ? {} : { since: request.since }),
});

async function readPast(engine: Engine, container: ContainerState, request: LogRequest): Promise<LogLine[]> {
  const handle = engine.docker.getContainer(container.id);
  const data = (await handle.logs({ ...optionsOf(request), follow: false })) as unknown as Buffer;
  const reader = createLineReader(container.inspect.Config.Tty);
  return [...reader.read(data), ...reader.end()].map((line) => ({ ...line, service: container.service }));
}

const LOOK_AGAIN_MS = 1_000;

/** Follows what runs and what starts later: a redeploy makes new containers. Ends when nothing of the app runs any more. */
async function* followAll(
  engine: Engine,
  containers: readonly ContainerState[],
  request: LogRequest,
): AsyncGenerator<LogLine> {
  const waiting: LogLine[] = [];
  const streams = new Map<string, Readable>();
  const end = new AbortController();
  let wake: () => void = () => undefined;
  let open = 0;
  let idleLooks = 0;
  let failure: unknown;
  const close = () => {
    end.abort();
    for (const stream of streams.values()) stream.destroy();
    wake();
  };
  const listen = async (container: ContainerState, tail: number | 'all') => {
    const handle = engine.docker.getContainer(container.id);
    const options = { ...optionsOf(request), tail: tail as number, follow: true as const };
    const stream = (await handle.logs(options)) as unknown as Readable;
    if (end.signal.aborted) return void stream.destroy();
    const reader = createLineReader(container.inspect.Config.Tty);
    const put = (lines: OutputLine[]) => {
      for (const line of lines) waiting.push({ ...line, service: container.service });
      if (waiting.length > WAITING_MAX) for (const one of streams.values()) one.pause();
      wake();
    };
    let isOpen = true;
    const ended = () => {
      if (isOpen) open--;
      isOpen = false;
      put(reader.end());
    };
    open++;
    streams.set(container.id, stream);
    stream.on('data', (chunk: Buffer) => put(reader.read(chunk)));
    stream.on('end', ended);
    stream.on('close', ended);
    // A container that is taken away in the middle ends its stream; that is no failure of the whole.
    stream.on('error', ended);
  };
  const lookAgain = async () => {
    const present = await engine.containersOf(request.appId);
    const wanted = present.filter((one) => request.service === undefined || one.service === request.service);
    for (const one of wanted) if (!streams.has(one.id) && one.status === 'running') await listen(one, 'all');
    idleLooks = open === 0 ? idleLooks + 1 : 0;
    wake();
  };
  const looking = setInterval(() => {
    lookAgain().catch((cause) => {
      failure ??= cause;
      wake();
    });
  }, LOOK_AGAIN_MS);
  request.signal.addEventListener('abort', close, { once: true });
  try {
    for (const container of containers) await listen(container, request.tail);
    while (!request.signal.aborted) {
      const line = waiting.shift();
      if (line) {
        yield line;
        continue;
      }
      if (failure !== undefined) throw failure;
      if (open === 0 && idleLooks >= 3) return;
      for (const one of streams.values()) if (one.isPaused()) one.resume();
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    clearInterval(looking);
    request.signal.removeEventListener('abort', close);
    close();
  }
}
