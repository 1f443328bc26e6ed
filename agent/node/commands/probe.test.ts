import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { isPortFree } from './probe.ts';

test.each(['127.0.0.1', '0.0.0.0'])(
  'a port that is held on %s is not free, and is again when it is let go',
  async (host) => {
    const holder = createServer().listen(0, host);
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    expect(await isPortFree(port)).toBe(false);
    holder.close();
    await once(holder, 'close');
    expect(await isPortFree(port)).toBe(true);
  },
);
