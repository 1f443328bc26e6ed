import { useEffect, useState } from 'react';

/**
 * Gives the focus back to where it was when a dialog goes that was drawn open: Mantine does so only for one that is
 * there, closed, before and after. `opened`: whether it is open when it is first drawn.
 */
export function useReturnFocus(opened: boolean): void {
  const [before] = useState(() => (opened ? document.activeElement : null));
  useEffect(() => {
    if (!(before instanceof HTMLElement)) return;
    return () => {
      // After the dialog has left the page; what took the focus meanwhile keeps it.
      setTimeout(() => {
        const isNowhere = document.activeElement === null || document.activeElement === document.body;
        if (isNowhere && before.isConnected) before.focus({ preventScroll: true });
      });
    };
  }, [before]);
}
