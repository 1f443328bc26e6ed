import { describe, expect, it } from 'vitest';
import { registerServiceWorker } from './register-service-worker.ts';

/** A browser's container whose certificate it trusts or not. */
function browser(refuses?: Error) {
  const registered: unknown[] = [];
  const container = Object.assign(new EventTarget(), {
    ready: Promise.resolve(),
    register: async (...about: unknown[]) => {
      registered.push(about);
      if (refuses) throw refuses;
    },
  });
  const say = (data: unknown) => container.dispatchEvent(new MessageEvent('message', { data }));
  return { registered, say, container: container as unknown as ServiceWorkerContainer };
}

const entry = '/assets/index-1.js';
const ignore = () => {};

describe('keeping the screens for when the core is away', () => {
  it('asks for the worker of the whole origin, past every cache', async () => {
    const { container, registered } = browser();
    expect(await registerServiceWorker({ container, entry, onNewVersion: ignore })).toBe('kept');
    expect(registered).toEqual([['/service-worker.js', { scope: '/', updateViaCache: 'none' }]]);
  });

  it('says that the browser refused, and that it has none', async () => {
    const { container } = browser(new DOMException('An SSL certificate error occurred', 'SecurityError'));
    expect(await registerServiceWorker({ container, entry, onNewVersion: ignore })).toBe('refused');
    expect(await registerServiceWorker({ container: undefined, entry, onNewVersion: ignore })).toBe('unsupported');
  });

  it('tells once of each build that is not the one of this page', async () => {
    const { container, say } = browser();
    let news = 0;
    await registerServiceWorker({ container, entry, onNewVersion: () => news++ });
    const message = (of: string) => ({ type: 'new-version', version: of, entry: `/assets/index-${of}.js` });
    say(message('1'));
    say('anything');
    expect(news).toBe(0);
    say(message('2'));
    say(message('2'));
    say(message('3'));
    expect(news).toBe(2);
  });
});
