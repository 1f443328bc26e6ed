import { type ClientRequest, get } from 'node:http';

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
  let request: ClientRequest | undefined;

  const filters = encodeURIComponent(JSON.stringify({ type: ['container'], label: [about.label], event: WATCHED }));
  const again = (): void => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(connect, RETRY_MS);
  };
  const connect = (): void => {
    const asked = get({
      socketPath: about.socketPath,
      path: `/events?filters=${filters}`,
      headers: { host: 'docker' },
    });
    request = asked;
    asked.on('error', again);
    asked.on('response', (incoming) => {
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
      // Also one that the engine has not answered yet: what it opened later would keep the agent alive for ever.
      request?.destroy();
    },
  };
}
