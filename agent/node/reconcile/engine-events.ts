import { get, type IncomingMessage } from 'node:http';

export interface EngineEvents {
  stop(): void;
}

const RETRY_MS = 2_000;
const WATCHED = ['die', 'start', 'stop', 'destroy', 'oom', 'health_status', 'pause', 'unpause'];

/**
 * Follows the engine's events of this fleet's containers. `onEvent` comes for each, `onBack` whenever the engine begins
 * to answer (again). Reconnects for ever: an engine that is away is nothing to give up for.
 */
export function watchEngine(about: {
  socketPath: string;
  /** `key=value` that our containers carry. */
  label: string;
  onEvent(): void;
  onBack(): void;
}): EngineEvents {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let response: IncomingMessage | undefined;

  const filters = encodeURIComponent(JSON.stringify({ type: ['container'], label: [about.label], event: WATCHED }));
  const again = (): void => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(connect, RETRY_MS);
  };
  const connect = (): void => {
    const request = get({
      socketPath: about.socketPath,
      path: `/events?filters=${filters}`,
      headers: { host: 'docker' },
    });
    request.on('error', again);
    request.on('response', (incoming) => {
      response = incoming;
      if (incoming.statusCode !== 200) {
        incoming.resume();
        return again();
      }
      about.onBack();
      // What an event says is not read: the state is asked for anew each time.
      incoming.on('data', () => about.onEvent());
      incoming.on('close', again);
      incoming.on('error', again);
    });
  };
  connect();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      response?.destroy();
    },
  };
}
