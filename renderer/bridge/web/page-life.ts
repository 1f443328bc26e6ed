/** What a page tells its worker beside the bridge: the name of the lock that it holds for as long as it lives. */
interface PageMessage {
  readonly pageLock: string;
}

/**
 * Holds a lock for as long as this page lives and names it to the worker. A page that crashes or is thrown out of memory
 * says no goodbye, but the browser takes its locks away.
 */
export function announcePage(port: Pick<MessagePort, 'postMessage'>, locks: LockManager = navigator.locks): void {
  const pageLock = `overseer-page-${crypto.randomUUID()}`;
  void locks.request(pageLock, () => {
    port.postMessage({ pageLock } satisfies PageMessage);
    return new Promise(() => undefined);
  });
}

/** Takes such a message: calls `onGone` once its page is gone. False for everything else. */
export function watchPage(message: unknown, onGone: () => void, locks: LockManager = navigator.locks): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const { pageLock } = message as Partial<PageMessage>;
  if (typeof pageLock !== 'string') return false;
  void locks.request(pageLock, onGone);
  return true;
}
