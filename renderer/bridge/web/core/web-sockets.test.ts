import { afterEach, expect, it, vi } from 'vitest';
import { createWebSockets } from './web-sockets.ts';

afterEach(() => vi.unstubAllGlobals());

/** A WebSocket to a host that never answers: it stays in its connecting state until it is closed. */
class SilentSocket {
  static closed = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  close(): void {
    SilentSocket.closed += 1;
  }
}

it('a connection that is given up before the core answered ends at once', async () => {
  vi.stubGlobal('WebSocket', SilentSocket);
  const given = new AbortController();
  const sockets = createWebSockets('https://core.example');
  const request = { path: '/api/v1/sync', ticket: 't', protocol: 'p', maxFrameBytes: 1, signal: given.signal };
  const opening = sockets.open(request);
  given.abort();
  await expect(opening).rejects.toMatchObject({ fault: { code: 'core.unreachable', kind: 'transient' } });
  await expect(sockets.open(request)).rejects.toMatchObject({ fault: { code: 'core.unreachable' } });
  expect(SilentSocket.closed).toBe(2);
});
