import { useCallback, useEffect, useRef, useState } from 'react';
import { useBridge } from '#renderer/bridge/index.ts';
import type { Fault } from '#shared/kernel/index.ts';
import type { AuditEntry } from './filter-entries.ts';

const PAGE = 200;
const FIRST_PAGE = 100;

export interface AuditPages {
  /** Newest first; null until the first page came. */
  readonly entries: readonly AuditEntry[] | null;
  readonly busy: boolean;
  readonly fault: Fault | null;
  /** The first entry of all is among them. */
  readonly atStart: boolean;
  older(): void;
  /** Loads on until the first entry. */
  all(): void;
  fresh(): void;
}

/** Reads the audit log page by page, newest first. */
export function useAuditPages(): AuditPages {
  const bridge = useBridge();
  const [entries, setEntries] = useState<readonly AuditEntry[] | null>(null);
  const [atStart, setAtStart] = useState(false);
  const [busy, setBusy] = useState(true);
  const [fault, setFault] = useState<Fault | null>(null);
  const loaded = useRef<readonly AuditEntry[]>([]);
  const turn = useRef(0);

  const load = useCallback(
    async (isFresh: boolean, untilStart: boolean) => {
      const own = ++turn.current;
      setBusy(true);
      setFault(null);
      let before = isFresh ? undefined : loaded.current.at(-1)?.seq;
      let kept = isFresh ? [] : loaded.current;
      for (;;) {
        // The first entry has number 0: nothing stands before it.
        const isDone = before !== undefined && before < 1;
        const limit = untilStart ? 500 : before === undefined ? FIRST_PAGE : PAGE;
        const page = isDone ? null : await bridge.call('listAudit', { limit, ...(before !== undefined && { before }) });
        if (own !== turn.current) return;
        if (page !== null && !page.ok) {
          setFault(page.error);
          break;
        }
        const more = page?.value.entries ?? [];
        kept = [...kept, ...more];
        loaded.current = kept;
        setEntries(kept);
        const last = kept.at(-1)?.seq;
        const isOver = more.length < limit || last === undefined || last < 1;
        setAtStart(isOver);
        if (isOver || !untilStart) break;
        before = last;
      }
      setBusy(false);
    },
    [bridge],
  );
  useEffect(() => {
    void load(true, false);
    return () => {
      turn.current += 1;
    };
  }, [load]);
  return {
    entries,
    busy,
    fault,
    atStart,
    older: () => void load(false, false),
    all: () => void load(false, true),
    fresh: () => void load(true, false),
  };
}
