import { useEffect, useState } from 'react';

export interface OfflineStorage {
  /** The browser promised not to clear it by itself. */
  readonly persisted: boolean;
  readonly usedBytes: number | null;
  readonly page: 'kept' | 'refused' | 'unsupported';
  readonly mayAsk: boolean;
  /** It was asked and did not agree. */
  readonly refused: boolean;
  ask(): void;
}

/** What the browser says of the storage behind this page; asks nothing where there is no browser. */
export function useOfflineStorage(isBrowser: boolean): OfflineStorage {
  const [state, setState] = useState<Omit<OfflineStorage, 'ask' | 'mayAsk'>>({
    persisted: false,
    usedBytes: null,
    page: 'unsupported',
    refused: false,
  });
  // Absent where a page is not secure, whatever the types say.
  const storage = navigator.storage as StorageManager | undefined;
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  useEffect(() => {
    if (!isBrowser) return;
    let over = false;
    const read = async () => {
      const [persisted, estimate, registration] = await Promise.all([
        storage?.persisted().catch(() => false),
        storage?.estimate().catch(() => undefined),
        workers?.getRegistration().catch(() => undefined),
      ]);
      if (over) return;
      setState((before) => ({
        ...before,
        persisted: persisted ?? false,
        usedBytes: estimate?.usage ?? null,
        page: workers === undefined ? 'unsupported' : registration?.active ? 'kept' : 'refused',
      }));
    };
    void read();
    return () => {
      over = true;
    };
  }, [isBrowser]);
  const ask = async () => {
    const persisted = (await storage?.persist().catch(() => false)) ?? false;
    setState((before) => ({ ...before, persisted, refused: !persisted }));
  };
  return { ...state, mayAsk: storage !== undefined, ask: () => void ask() };
}
