import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { navEntries } from '../frame/nav-entries.ts';
import { decideKey } from './decide-key.ts';

/** How long g waits for its second key. */
const SECOND_KEY_MS = 1_500;

const goKeys = new Map(navEntries.map(({ key, path }) => [key, path]));

/** The keys of the shell: the palette from everywhere, the others outside of fields and dialogs. */
export function useShellKeys(act: { openPalette: () => void; openHelp: () => void }): void {
  const [, navigate] = useLocation();
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    let gAtMs = Number.NEGATIVE_INFINITY;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if ((event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        latest.current.openPalette();
        return;
      }
      const decision = decideKey(
        {
          key: event.key,
          isModified: event.metaKey || event.ctrlKey || event.altKey,
          isTyping: isTyping(event.target),
          afterG: performance.now() - gAtMs < SECOND_KEY_MS,
        },
        goKeys,
      );
      gAtMs = decision.do === 'await-second' ? performance.now() : Number.NEGATIVE_INFINITY;
      if (decision.do === 'nothing' || decision.do === 'await-second') return;
      if (decision.do === 'filter') {
        const filter = document.querySelector<HTMLInputElement>('[data-filter]');
        if (!filter) return;
        event.preventDefault();
        filter.focus();
        filter.select();
        return;
      }
      event.preventDefault();
      if (decision.do === 'go') navigate(decision.path);
      else latest.current.openHelp();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [navigate]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select, [role="dialog"], [role="menu"]') !== null;
}
