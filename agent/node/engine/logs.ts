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

/** How much may wait for a slow reader before the engine is not read on. */
const WAITING_MAX_BYTES = 1024 * 1024;
/** What a line costs beside its bytes. */
const LINE_COST_BYTES = 200;

/** Reads the log of an app's containers. What was there comes in the order of its times, what follows as it comes. */
export async function* readLogs(engine: Engine, request: LogRequest): AsyncGenerator<LogLine> {
  const all = await engine.containersOf(request.appId);
  const containers = all.filter((one) => request.service === undefined || one.service === request.service);
  if (request.follow) yield* followAll(engine, containers, request);
  else yield* inOrderOfTime(containers.map((container) => readPast(engine, container, request)));
}

const optionsOf = (request: LogRequest) => ({
  stdout: true,
  stderr: true,
  timestamps: true,
  tail: request.tail,
  ...(request.since === undefined ? {} : { since: request.since }),
});

/** As fast as the reader takes: ten thousand lines of an app that writes long ones are more than a node's memory. */
async function* readPast(engine: Engine, container: ContainerState, request: LogRequest): AsyncGenerator<LogLine> {
  const { id, service } = container;
  // dockerode gives what it does not follow only as a whole.
  const stream = await new Promise<Readable>((resolve, reject) => {
    const asked = {
      path: `/containers/${id}/logs?`,
      method: 'GET',
      isStream: true,
      statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
      options: { ...optionsOf(request), follow: false },
    };
    engine.docker.modem.dial(asked, (cause: unknown, answer: unknown) => {
      if (cause) reject(cause);
      else resolve(answer as Readable);
    });
  });
  const reader = createLineReader(container.inspect.Config.Tty);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>)
      for (const line of reader.read(chunk)) yield { ...line, service };
    for (const line of reader.end()) yield { ...line, service };
  } finally {
    stream.destroy();
  }
}

/** Joins logs, each in order already; of each only its next line is held. */
export async function* inOrderOfTime<Line extends { readonly time: string }>(
  logs: readonly AsyncGenerator<Line>[],
): AsyncGenerator<Line> {
  try {
    const next = await Promise.all(
      logs.map(async (log) => ({ log, line: (await log.next()).value as Line | undefined })),
    );
    for (;;) {
      const first = next.reduce<(typeof next)[number] | undefined>(
        (least, one) => (one.line && (!least?.line || one.line.time < least.line.time) ? one : least),
        undefined,
      );
      if (!first?.line) return;
      yield first.line;
      first.line = (await first.log.next()).value as Line | undefined;
    }
  } finally {
    await Promise.all(logs.map((log) => log.return(undefined)));
  }
}

const LOOK_AGAIN_MS = 1_000;

/** Follows what runs and what starts later: a redeploy makes new containers. Ends when nothing of the app runs any more. */
async function* followAll(
  engine: Engine,
  containers: readonly ContainerState[],
  request: LogRequest,
): AsyncGenerator<LogLine> {
  const waiting: LogLine[] = [];
  let waitingBytes = 0;
  const costOf = (line: LogLine): number => line.bytes.length + LINE_COST_BYTES;
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
      for (const one of lines) {
        const line = { ...one, service: container.service };
        waiting.push(line);
        waitingBytes += costOf(line);
      }
      if (waitingBytes > WAITING_MAX_BYTES) for (const one of streams.values()) one.pause();
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
        waitingBytes -= costOf(line);
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
