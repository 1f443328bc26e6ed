import { describe, expect, it } from 'vitest';
import type { DeviceStore, Intent, KnownRelease } from '#shared/device/index.ts';
import type { Envelope } from '#shared/trust/index.ts';
import { createFleetOfDevices } from './fleet-of-devices.ts';

const CONFIG = {
  fleet: 'f'.repeat(64),
  fleetName: 'home',
  coreSpki: 'c'.repeat(64),
  addresses: [{ host: 'core.lan', httpPort: 7443, linkPort: 7444 }],
  writer: 'w'.repeat(26),
};

const envelope = (payload: string): Envelope =>
  ({ payloadType: 'x', payload, signatures: [{ keyid: 'k', sig: 's' }] }) as unknown as Envelope;

const release = (number: number, body = `body ${number}`): KnownRelease => ({
  appId: 'a'.repeat(26),
  node: 'n'.repeat(26),
  number,
  header: String(number).repeat(64).slice(0, 64),
  envelope: envelope(`release ${number}`),
  body,
});

const intent = (id: string, createdAt: string): Intent => ({
  id,
  appId: 'a'.repeat(26),
  verb: 'deploy',
  createdAt,
  content: `{"id":"${id}"}`,
  state: 'waiting',
  fault: null,
});

/** What every DeviceStore must keep to. `open` gives a store on the same place each time it is called in one test. */
export function deviceStoreSuite(
  name: string,
  setUp: () => Promise<{ open: () => Promise<DeviceStore>; tearDown: () => Promise<void> }>,
): void {
  const keeps = (title: string, work: (open: () => Promise<DeviceStore>) => Promise<void>): void =>
    it(title, async () => {
      const { open, tearDown } = await setUp();
      try {
        await work(open);
      } finally {
        await tearDown();
      }
    });

  describe(`DeviceStore: ${name}`, () => {
    keeps('P5: the fleet is there again after the store was opened anew', async (open) => {
      const store = await open();
      expect(await store.config()).toBeUndefined();
      await store.saveConfig(CONFIG);
      await store.saveConfig({ ...CONFIG, fleetName: 'renamed' });
      expect(await (await open()).config()).toEqual({ ...CONFIG, fleetName: 'renamed' });
    });

    keeps('P5: trust entries keep their order, and one that is held already changes nothing', async (open) => {
      const { trust } = await createFleetOfDevices(3);
      const [first, second, third] = trust.entries as [Envelope, Envelope, Envelope];
      const store = await open();
      await store.saveTrust([first, second]);
      await store.saveTrust([second, first, third]);
      expect(await (await open()).trustEntries()).toEqual([first, second, third]);
    });

    keeps('a command counter is never given twice, also not to two openings', async (open) => {
      const [one, two] = [await open(), await open()];
      expect([await one.nextCounter(), await two.nextCounter(), await one.nextCounter()]).toEqual([1, 2, 3]);
      const many = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).nextCounter()));
      expect(new Set(many).size).toBe(20);
    });

    keeps('P5: objects are kept byte for byte, the first bytes of a hash for ever', async (open) => {
      const store = await open();
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      await store.saveObject('1'.repeat(64), bytes);
      await store.saveObject('1'.repeat(64), new Uint8Array([9]));
      bytes.fill(7);
      const kept = await (await open()).object('1'.repeat(64));
      expect([...(kept ?? [])]).toEqual(Array.from({ length: 256 }, (_, index) => index));
      expect(await store.object('2'.repeat(64))).toBeUndefined();
    });

    keeps('REL-1: the last release of an app on a node is the one with the highest number', async (open) => {
      const store = await open();
      for (const number of [2, 10, 9]) await store.saveRelease(release(number), 'now');
      await store.saveRelease({ ...release(11), node: 'm'.repeat(26) }, 'now');
      const again = await open();
      expect(await again.lastRelease('a'.repeat(26), 'n'.repeat(26))).toEqual(release(10));
      await again.saveRelease(release(10, 'other'), 'now');
      expect((await again.lastRelease('a'.repeat(26), 'n'.repeat(26)))?.body).toBe('other');
      expect(await again.lastRelease('b'.repeat(26), 'n'.repeat(26))).toBeUndefined();
    });

    keeps('P2: what waits is listed by its state, oldest first, and never kept twice', async (open) => {
      const store = await open();
      await store.saveIntent(intent('later', '2026-01-02T00:00:00.000Z'), []);
      await store.saveIntent(intent('early', '2026-01-01T00:00:00.000Z'), []);
      await expect(store.saveIntent(intent('early', 'x'), [])).rejects.toThrow();
      expect((await store.intents('waiting')).map(({ id }) => id)).toEqual(['early', 'later']);
      await store.setIntentState('early', 'clash', '{}');
      const again = await open();
      expect((await again.intents('waiting')).map(({ id }) => id)).toEqual(['later']);
      expect(await again.intents('clash')).toEqual([
        { ...intent('early', '2026-01-01T00:00:00.000Z'), state: 'clash', fault: '{}' },
      ]);
    });

    keeps(
      'P5: a change takes the place of an earlier one whole: what can not be kept discards nothing',
      async (open) => {
        const store = await open();
        await store.saveIntent(intent('first', '2026-01-01T00:00:00.000Z'), []);
        await store.saveIntent(intent('second', '2026-01-02T00:00:00.000Z'), ['first', 'unknown']);
        expect((await store.intents('waiting')).map(({ id }) => id)).toEqual(['second']);
        await expect(store.saveIntent(intent('first', 'x'), ['second'])).rejects.toThrow();
        const again = await open();
        expect((await again.intents('waiting')).map(({ id }) => id)).toEqual(['second']);
        expect((await again.intents('discarded')).map(({ id }) => id)).toEqual(['first']);
      },
    );

    keeps('an enrolment token stays until it is dropped', async (open) => {
      const store = await open();
      const token = {
        addresses: CONFIG.addresses,
        coreSpki: CONFIG.coreSpki,
        genesis: CONFIG.fleet,
        expiresAt: '2026-01-01T00:30:00.000Z',
        secret: 'secret',
      } as never;
      await store.saveToken({ token, name: 'cellar' });
      await store.saveToken({ token, name: 'attic' });
      expect(await (await open()).tokens()).toEqual([{ token, name: 'attic' }]);
      await store.dropToken('secret');
      expect(await (await open()).tokens()).toEqual([]);
    });

    keeps('P8: heads of an audit chain are kept, the newest last, at most a thousand of each', async (open) => {
      const store = await open();
      const head = (index: number) => String(index).padStart(64, '0');
      await store.noteHeads('core', [head(2), head(1)], 'now');
      await store.noteHeads('core', [head(2)], 'now');
      expect(await store.lastHead('core')).toBe(head(2));
      expect(await store.lastHead('other')).toBeNull();
      expect(await store.witnesses()).toHaveLength(2);
      await store.noteHeads('node', [head(7)], 'now');
      const many = Array.from({ length: 1_000 }, (_, index) => head(index + 10));
      await store.noteHeads('core', many, 'now');
      const kept = (await (await open()).witnesses()).filter(({ chain }) => chain === 'core');
      expect(new Set(kept.map((one) => one.head))).toEqual(new Set(many));
      expect(await store.lastHead('node')).toBe(head(7));
    });

    keeps('a memo is the text that was saved last under its name', async (open) => {
      const store = await open();
      expect(await store.memo('fleet')).toBeUndefined();
      await store.saveMemo('fleet', 'a');
      await store.saveMemo('other', 'b');
      await store.saveMemo('fleet', 'c');
      expect(await store.config()).toBeUndefined();
      expect([await (await open()).memo('fleet'), await store.memo('other')]).toEqual(['c', 'b']);
    });
  });
}
