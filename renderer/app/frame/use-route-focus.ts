import { useEffect, useRef } from 'react';

const PATIENCE_MS = 5_000;

/** What a person takes for one screen: `/apps/x/logs` and `/apps/x/routes` are tabs of one. */
export function screenKey(location: string): string {
  return location.split('/').slice(0, 3).join('/');
}

/** On the way to another screen the focus goes to its heading, as a page load would start at the top. */
export function useRouteFocus(location: string): void {
  const key = screenKey(location);
  const before = useRef(key);
  useEffect(() => {
    if (before.current === key) return;
    before.current = key;
    window.scrollTo(0, 0);
    return focusHeading();
  }, [key]);
}

/** Focuses the heading when it is there; a screen that is still loading brings it later. Gives the end of waiting. */
function focusHeading(): () => void {
  const focus = (): boolean => {
    const heading = document.querySelector<HTMLElement>('main h1');
    heading?.focus({ preventScroll: true });
    return heading !== null;
  };
  if (focus()) return () => undefined;
  const observer = new MutationObserver(() => {
    if (focus()) observer.disconnect();
  });
  observer.observe(document.body, { childList: true, subtree: true });
  const timer = setTimeout(() => observer.disconnect(), PATIENCE_MS);
  return () => {
    observer.disconnect();
    clearTimeout(timer);
  };
}
