import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex, toBase64, toBase64Url, unwrap, utf8, utf8ToText } from '#shared/kernel/index.ts';
import { type Actor, codeOf, createActor } from '../testing/test-fleet.ts';
import { createStreamReceiver, type StreamReceiver } from './receiver.ts';
import { createStreamSender, type StreamSender } from './sender.ts';
import { frameNonce, MAX_FRAME_BYTES } from './stream-keys.ts';

const commandHash = sha256Hex(utf8('command'));
let node: Actor;
let evil: Actor;

beforeAll(async () => {
  node = await createActor('node');
  evil = await createActor('evil');
});

async function connect(): Promise<{ sender: StreamSender; receiver: StreamReceiver }> {
  const receiver = await createStreamReceiver();
  const sender = await createStreamSender(receiver.publicKey, { commandHash, signer: node.key.signer });
  unwrap(await receiver.begin({ hello: sender.hello, commandHash, nodeSignKey: node.key.publicKey }));
  return { sender, receiver };
}
const lines = (sender: StreamSender, count: number) =>
  Promise.all(Array.from({ length: count }, (_, i) => sender.seal(utf8(`line ${i}`), { last: i === count - 1 })));

describe('STR-1: the key', () => {
  it('STR-1: what the node sealed, the device reads', async () => {
    const { sender, receiver } = await connect();
    const frames = await lines(sender, 3);
    const read = [];
    for (const frame of frames) read.push(unwrap(await receiver.open(frame)));
    expect(read.map(({ bytes, last }) => [utf8ToText(bytes), last])).toEqual([
      ['line 0', false],
      ['line 1', false],
      ['line 2', true],
    ]);
  });

  it('STR-1: two streams of one command share no key', async () => {
    const one = await connect();
    const two = await connect();
    expect(one.receiver.publicKey).not.toBe(two.receiver.publicKey);
    expect(codeOf(await two.receiver.open(await one.sender.seal(utf8('x'))))).toBe('stream.broken');
  });

  it('STR-1: a low-order key of the device is refused by the node', async () => {
    for (const bytes of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31))])
      await expect(createStreamSender(toBase64Url(bytes), { commandHash, signer: node.key.signer })).rejects.toThrow();
    await expect(createStreamSender('AAAA', { commandHash, signer: node.key.signer })).rejects.toThrow(/replyKey/);
  });

  it('STR-1: nothing of the text stands in the frames', async () => {
    const { sender } = await connect();
    expect(Buffer.from(await sender.seal(utf8('canary'))).includes('canary')).toBe(false);
  });
});

describe('STR-2: order', () => {
  it.each<[string, (frames: Uint8Array[]) => Uint8Array[]]>([
    ['a repeated frame', ([a, b]) => [a, a, b] as Uint8Array[]],
    ['a missing frame', ([a, , c]) => [a, c] as Uint8Array[]],
    ['a swap', ([a, b, c]) => [b, a, c] as Uint8Array[]],
    ['a missing first frame', ([, b]) => [b] as Uint8Array[]],
  ])('STR-2: %s is refused', async (_, change) => {
    const { sender, receiver } = await connect();
    const codes = [];
    for (const frame of change(await lines(sender, 4))) codes.push(codeOf(await receiver.open(frame)));
    expect(codes).toContain('stream.broken');
  });

  it('STR-2: any bit changed is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (bit) => {
        const { sender, receiver } = await connect();
        const frame = await sender.seal(utf8('line'));
        const at = (bit >> 3) % frame.length;
        frame[at] = (frame[at] ?? 0) ^ (1 << (bit & 7));
        expect(codeOf(await receiver.open(frame))).toBe('stream.broken');
      }),
      { numRuns: 60 },
    );
  });

  it('STR-2: frames that are handed over without waiting are opened in their order', async () => {
    const { sender, receiver } = await connect();
    const opened = await Promise.all((await lines(sender, 20)).map((frame) => receiver.open(frame)));
    expect(opened.map((one) => utf8ToText(unwrap(one).bytes))).toEqual(
      Array.from({ length: 20 }, (_, i) => `line ${i}`),
    );
  });

  it('STR-2: the nonce is a 96-bit counter', () => {
    expect([...frameNonce(0)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...frameNonce(2 ** 40 + 258)]).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 2]);
  });

  it('STR-2: frames are bounded', async () => {
    const { sender, receiver } = await connect();
    await expect(sender.seal(new Uint8Array(MAX_FRAME_BYTES + 1))).rejects.toThrow(/at most/);
    expect(unwrap(await receiver.open(await sender.seal(new Uint8Array(MAX_FRAME_BYTES)))).bytes).toHaveLength(
      MAX_FRAME_BYTES,
    );
    expect(codeOf(await receiver.open(new Uint8Array(MAX_FRAME_BYTES + 18)))).toBe('stream.broken');
  });
});

describe('STR-3: the end', () => {
  it('STR-3: the flag is authenticated', async () => {
    const { sender, receiver } = await connect();
    const frame = await sender.seal(utf8('more'));
    frame[0] = 1;
    expect(codeOf(await receiver.open(frame))).toBe('stream.broken');
  });

  it('STR-3: nothing comes after it', async () => {
    const { sender, receiver } = await connect();
    unwrap(await receiver.open(await sender.seal(new Uint8Array(), { last: true })));
    await expect(sender.seal(utf8('x'))).rejects.toThrow(/ended/);
    expect(codeOf(await receiver.open(new Uint8Array(40)))).toBe('stream.broken');
  });
});

describe('STR-4: the hello', () => {
  it('STR-4: by another than the node is refused: a core can not answer in its place', async () => {
    const receiver = await createStreamReceiver();
    const sender = await createStreamSender(receiver.publicKey, { commandHash, signer: evil.key.signer });
    const begun = await receiver.begin({ hello: sender.hello, commandHash, nodeSignKey: node.key.publicKey });
    expect(codeOf(begun)).toBe('stream.broken');
  });

  it('STR-4: for another command or another device is refused', async () => {
    const receiver = await createStreamReceiver();
    const other = await createStreamReceiver();
    const sender = await createStreamSender(other.publicKey, { commandHash, signer: node.key.signer });
    const about = { hello: sender.hello, commandHash, nodeSignKey: node.key.publicKey };
    expect(codeOf(await receiver.begin(about))).toBe('stream.broken');
    const otherCommand = { ...about, commandHash: sha256Hex(utf8('another')) };
    expect(codeOf(await other.begin(otherCommand))).toBe('stream.broken');
  });

  it('STR-4: with a low-order key is refused although the node signed it', async () => {
    const receiver = await createStreamReceiver();
    const { helloBytes } = await import('./stream-keys.ts');
    const senderKey = new Uint8Array(32);
    const receiverKey = Uint8Array.from(Buffer.from(receiver.publicKey, 'base64url'));
    const sig = await node.key.signer.sign(helloBytes({ commandHash, senderKey, receiverKey }));
    const hello = toBase64(utf8(JSON.stringify({ v: 1, key: toBase64(senderKey), sig: toBase64(sig) })));
    const begun = await receiver.begin({ hello, commandHash, nodeSignKey: node.key.publicKey });
    expect(begun).toMatchObject({ ok: false, error: { message: expect.stringContaining('bad key') } });
  });

  it('STR-4: rubbish is refused', async () => {
    for (const hello of ['', 'x', toBase64(utf8('{}')), toBase64(utf8('[]')), 'A'.repeat(4_000)]) {
      const receiver = await createStreamReceiver();
      expect(codeOf(await receiver.begin({ hello, commandHash, nodeSignKey: node.key.publicKey }))).toBe(
        'stream.broken',
      );
    }
  });
});

describe('STR-5: after a refusal', () => {
  it('STR-5: good frames are refused too, and a second hello ends the stream', async () => {
    const { sender, receiver } = await connect();
    const [first, second] = await lines(sender, 3);
    expect(codeOf(await receiver.open(new Uint8Array(30)))).toBe('stream.broken');
    expect(codeOf(await receiver.open(first as Uint8Array))).toBe('stream.broken');
    const again = await connect();
    const about = { hello: again.sender.hello, commandHash, nodeSignKey: node.key.publicKey };
    expect(codeOf(await again.receiver.begin(about))).toBe('stream.broken');
    expect(codeOf(await again.receiver.open(second as Uint8Array))).toBe('stream.broken');
  });

  it('STR-5: frames before the hello are refused', async () => {
    const receiver = await createStreamReceiver();
    expect(codeOf(await receiver.open(new Uint8Array(40)))).toBe('stream.broken');
  });
});
