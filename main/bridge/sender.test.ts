import { expect, it } from 'vitest';
import type { AppWindow, Sender } from '../electron-api.ts';
import { isFrom } from './sender.ts';

const origin = 'overseer://app';
const window = { isDestroyed: () => false, webContents: { id: 4 } } as AppWindow;
const good: Sender = { sender: { id: 4 }, senderFrame: { origin, parent: null } };

it('A8-30: only the top frame of the window, on a page of ours, is heard', () => {
  expect(isFrom(good, window, origin)).toBe(true);
  const others: Sender[] = [
    { ...good, sender: { id: 5 } },
    { ...good, senderFrame: null },
    { ...good, senderFrame: { origin, parent: {} } },
    { ...good, senderFrame: { origin: 'https://evil.example', parent: null } },
    { ...good, senderFrame: { origin: 'null', parent: null } },
    { ...good, senderFrame: { origin: 'overseer://prompt', parent: null } },
    { ...good, senderFrame: { origin: 'overseer://app.evil.example', parent: null } },
  ];
  for (const other of others) expect([other, isFrom(other, window, origin)]).toEqual([other, false]);
  expect(isFrom(good, { ...window, isDestroyed: () => true }, origin)).toBe(false);
});
