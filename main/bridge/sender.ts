import type { AppWindow, Sender } from '../electron-api.ts';

/**
 * A8-30: whether an IPC message comes from the top frame of this window, and from a page of ours in it. A frame that was
 * put into the page, another window, and a page that was navigated elsewhere are all somebody else.
 */
export function isFrom(event: Sender, window: AppWindow, origin: string): boolean {
  const { senderFrame } = event;
  return (
    !window.isDestroyed() &&
    event.sender.id === window.webContents.id &&
    senderFrame !== null &&
    senderFrame.parent === null &&
    senderFrame.origin === origin
  );
}
