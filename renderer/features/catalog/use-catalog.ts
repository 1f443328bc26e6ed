import { useEffect, useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import type { CatalogAppView, CatalogCard } from '#shared/contracts/ipc/index.ts';
import type { Fault } from '#shared/kernel/index.ts';

/** The cards of the catalogue; null until they come. */
export function useCatalog(): { cards: readonly CatalogCard[] | null; fault: Fault | null; again(): void } {
  const { run, fault } = useCall('listCatalog');
  const [cards, setCards] = useState<readonly CatalogCard[] | null>(null);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks again
  useEffect(() => {
    let over = false;
    void run({}).then((result) => {
      if (!over && result.ok) setCards(result.value.apps);
    });
    return () => {
      over = true;
    };
  }, [run, turn]);
  return { cards, fault, again: () => setTurn(turn + 1) };
}

/** One entry of the catalogue; null until it comes. */
export function useCatalogApp(id: string): { app: CatalogAppView | null; fault: Fault | null } {
  const { run, fault } = useCall('readCatalog');
  const [app, setApp] = useState<CatalogAppView | null>(null);
  useEffect(() => {
    let over = false;
    setApp(null);
    void run({ id }).then((result) => {
      if (!over && result.ok) setApp(result.value);
    });
    return () => {
      over = true;
    };
  }, [run, id]);
  return { app, fault };
}
