/** Hears that another program of this machine has put entries into the node's trust log. */
export interface TrustNews {
  /** From now on each signal is answered by this, and one that came before is answered at once. */
  handTo(reload: () => void): void;
  end(): void;
}

/**
 * Listens for SIGHUP (`overseer node trust import` sends it). A signal that nobody listens for ends the process, so this
 * is made before the node opens anything, and keeps what comes until there is somebody to tell.
 */
export function watchTrustNews(): TrustNews {
  let reload: (() => void) | undefined;
  let waits = false;
  const hear = (): void => {
    if (reload) reload();
    else waits = true;
  };
  process.on('SIGHUP', hear);
  return {
    handTo(told) {
      reload = told;
      if (waits) told();
      waits = false;
    },
    end: () => void process.removeListener('SIGHUP', hear),
  };
}
