import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromBase64, isFault, sha256Hex, toBase64, unwrap, utf8, utf8ToText } from '#shared/kernel/index.ts';
import { type Actor, at, codeOf, createActor, testId } from '../testing/test-fleet.ts';
import type { Envelope } from './envelope.ts';
import { type EnvelopeKind, envelopeKinds, payloadTypeOf } from './kinds.ts';
import { openEnvelope } from './open-envelope.ts';
import { preAuthEncoding } from './pae.ts';
import { itemHash, parseEnvelope } from './parse-envelope.ts';
import { signEnvelope } from './sign-envelope.ts';

const FLEET = sha256Hex(utf8('fleet'));
let device: Actor;
let stranger: Actor;
let command: Envelope;
let fields: Record<string, unknown>;

beforeAll(async () => {
  device = await createActor('device');
  stranger = await createActor('stranger');
  fields = {
    fleet: FLEET,
    node: testId('node'),
    verb: 'logs',
    args: { appId: testId('app'), lines: 100 },
    session: testId('session'),
    writer: testId('writer'),
    counter: 1,
    expiresAt: at(60_000),
    replyKey: null,
  };
  command = await signEnvelope('command', fields, device.key.signer);
});

const keys = (id: string) => (id === device.id ? device.key.publicKey : undefined);
const open = (envelope: Envelope, expected: { kind?: EnvelopeKind; fleet?: string; features?: string[] } = {}) =>
  openEnvelope(envelope, { kind: 'command', fleet: FLEET, keys, ...expected });

/** Signs any text as a payload of any type, as a hostile but enrolled device could. */
async function signText(text: string | Uint8Array, type = payloadTypeOf('command')): Promise<Envelope> {
  const bytes = typeof text === 'string' ? utf8(text) : text;
  const sig = await device.key.signer.sign(preAuthEncoding(type, bytes));
  return {
    payloadType: type,
    payload: toBase64(bytes),
    signatures: [{ keyid: device.id, sig: toBase64(sig) }],
  };
}
const textOf = (envelope: Envelope) => utf8ToText(fromBase64(envelope.payload) ?? new Uint8Array());
const signJson = (change: object) => signText(JSON.stringify({ ...JSON.parse(textOf(command)), ...change }));

describe('ENV-1: the form of an envelope', () => {
  it('ENV-1: reads text, bytes and a parsed value alike', () => {
    const text = JSON.stringify(command);
    for (const input of [text, utf8(text), JSON.parse(text)]) expect(unwrap(parseEnvelope(input))).toEqual(command);
  });

  it('ENV-1: drops members of the envelope that nobody signed', () => {
    const more = { ...command, extra: 1, signatures: command.signatures.map((one) => ({ ...one, extra: 1 })) };
    expect(unwrap(parseEnvelope(more))).toEqual(command);
  });

  it.each<[string, (envelope: Envelope) => unknown]>([
    ['no signature', (one) => ({ ...one, signatures: [] })],
    ['two signatures', (one) => ({ ...one, signatures: [...one.signatures, ...one.signatures] })],
    ['an empty signature', (one) => ({ ...one, signatures: [{ keyid: one.signatures[0]?.keyid, sig: '' }] })],
    ['a keyid that is none', (one) => ({ ...one, signatures: [{ ...one.signatures[0], keyid: 'x' }] })],
    ['payload without padding', (one) => ({ ...one, payload: 'YQ' })],
    ['payload with loose bits', (one) => ({ ...one, payload: 'YR==' })],
    ['payload in base64url', (one) => ({ ...one, payload: '_-8=' })],
    ['payload with white space', (one) => ({ ...one, payload: `${one.payload}\n` })],
    ['a number as payload', (one) => ({ ...one, payload: 1 })],
    ['no payloadType', (one) => ({ payload: one.payload, signatures: one.signatures })],
    ['null', () => null],
    ['a list', () => []],
    ['text that is no JSON', () => '{"payload":'],
    ['a key twice', (one) => JSON.stringify(one).replace('{', '{"payload":"",')],
    ['__proto__', (one) => JSON.stringify(one).replace('{', '{"__proto__":{},')],
    ['more text than any kind needs', () => ' '.repeat(2_000_000)],
  ])('ENV-1: refuses %s', (_, change) => {
    expect(codeOf(parseEnvelope(change(command)))).toBe('trust.malformed');
  });
});

describe('ENV-2: one expected kind, and no more than its size', () => {
  it('ENV-2: names its kind and version in the type', () => {
    expect(command.payloadType).toBe('application/vnd.overseer.command+json;v=1');
  });

  it('ENV-2: refuses another kind and another version, although the signature holds', async () => {
    expect(codeOf(await open(command, { kind: 'session' }))).toBe('trust.wrong-kind');
    const next = await signText(textOf(command), 'application/vnd.overseer.command+json;v=2');
    expect(codeOf(await open(next))).toBe('trust.wrong-kind');
  });

  it.each(Object.entries(envelopeKinds))('ENV-2: refuses %s over its size before the signature', async (name, kind) => {
    const kindName = name as EnvelopeKind;
    const large = { payloadType: payloadTypeOf(kindName), payload: toBase64(new Uint8Array(kind.maxBytes + 1)) };
    const envelope = { ...large, signatures: command.signatures };
    expect(codeOf(await open(envelope, { kind: kindName }))).toBe('trust.too-large');
    const fits = { ...envelope, payload: toBase64(new Uint8Array(kind.maxBytes)) };
    expect(codeOf(await open(fits, { kind: kindName }))).toBe('trust.bad-signature');
  });

  it('ENV-2: will not sign what is too large', async () => {
    const big = { ...fields, args: { text: 'x'.repeat(70_000) } };
    await expect(signEnvelope('command', big, device.key.signer)).rejects.toThrow(/70\d+ bytes/);
  });
});

describe('ENV-3: exactly the received bytes', () => {
  it('ENV-3: opens what was signed, and gives the bytes back', async () => {
    const opened = unwrap(await open(command));
    expect(opened.payload).toMatchObject(fields);
    expect(opened.signer).toBe(device.id);
    expect(toBase64(opened.payloadBytes)).toBe(command.payload);
  });

  it('ENV-3: refuses the same JSON in another encoding', async () => {
    const value = JSON.parse(textOf(command)) as Record<string, unknown>;
    const reversed = Object.fromEntries(Object.entries(value).reverse());
    for (const text of [
      JSON.stringify(value, null, 1),
      JSON.stringify(reversed),
      textOf(command).replace('"counter":1', '"counter":1.0'),
      textOf(command).replace('"counter":1', '"counter":1e0'),
      textOf(command).replace('logs', '\\u006cogs'),
      `${textOf(command)} `,
    ]) {
      expect(text).not.toBe(textOf(command));
      expect(codeOf(await open({ ...command, payload: toBase64(utf8(text)) }))).toBe('trust.bad-signature');
    }
  });

  it('ENV-3: length and type can not run into each other', () => {
    expect(utf8ToText(preAuthEncoding('http://example.com/HelloWorld', utf8('hello world')))).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
    expect(utf8ToText(preAuthEncoding('é', utf8('')))).toBe('DSSEv1 2 é 0 ');
  });

  it('ENV-3: does not read a payload that nobody of the fleet signed', async () => {
    const foreign = await signEnvelope('command', fields, stranger.key.signer);
    expect(codeOf(await open(foreign))).toBe('trust.unknown-signer');
    const renamed = { ...foreign, signatures: foreign.signatures.map((one) => ({ ...one, keyid: device.id })) };
    expect(codeOf(await open(renamed))).toBe('trust.bad-signature');
  });
});

describe('ENV-4: a key counts only when its id is the hash of its bytes', () => {
  it.each([
    ['another key under this id', () => stranger.key.publicKey],
    ['a key that is too short', () => 'AAAA'],
    ['no base64url', () => '***'],
    ['an empty key', () => ''],
  ])('ENV-4: refuses %s', async (_, publicKey) => {
    const opened = await openEnvelope(command, { kind: 'command', fleet: FLEET, keys: () => publicKey() });
    expect(codeOf(opened)).toBe('trust.bad-key');
  });
});

describe('ENV-5: what is signed is still read strictly', () => {
  it.each([
    ['a duplicate key', '{"fleet":"","fleet":""}'],
    ['a reserved key', '{"__proto__":{"fleet":""}}'],
    ['17 levels', `${'['.repeat(17)}${']'.repeat(17)}`],
    ['no JSON', 'fleet'],
    ['a list', '[]'],
    ['null', 'null'],
    ['half a character', '{"a":"\\ud800"}'],
  ])('ENV-5: refuses %s', async (_, text) => {
    expect(codeOf(await open(await signText(text)))).toBe('trust.bad-payload');
  });

  it('ENV-5: the refusal names the key that stands twice', async () => {
    const opened = await open(await signText('{"fleet":"","fleet":""}'));
    expect(opened).toMatchObject({ ok: false, error: { field: 'fleet' } });
    const whole = await open(await signText('fleet'));
    expect(whole).toMatchObject({ ok: false, error: { field: '(whole)' } });
  });

  it('ENV-5: refuses bytes that are no UTF-8', async () => {
    expect(codeOf(await open(await signText(Uint8Array.of(0xff))))).toBe('trust.bad-payload');
  });

  it.each([
    ['a counter that is no safe integer', { counter: 2 ** 53 }],
    ['a counter of 0', { counter: 0 }],
    ['a counter of 1.5', { counter: 1.5 }],
    ['a time with another spelling', { expiresAt: '2026-03-01T12:00:00Z' }],
    ['a day that does not exist', { expiresAt: '2026-02-30T12:00:00.000Z' }],
    ['a verb that is not known', { verb: 'exec' }],
    ['a node that is no id', { node: '../x' }],
  ])('ENV-5: refuses %s and names the field', async (_, change) => {
    const opened = await open(await signJson(change));
    expect(opened).toMatchObject({ ok: false, error: { code: 'trust.bad-payload', field: Object.keys(change)[0] } });
  });
});

describe('ENV-6: features', () => {
  it('ENV-6: refuses an unknown one by its name', async () => {
    const opened = await open(await signJson({ requires: ['known', 'quorum'] }), { features: ['known'] });
    expect(opened).toMatchObject({
      ok: false,
      error: { code: 'trust.unknown-feature', detail: { feature: 'quorum' } },
    });
    expect(opened.ok ? '' : opened.error.message).toContain('"quorum"');
  });

  it('ENV-6: names the feature although the rest of the payload is of a later shape', async () => {
    expect(codeOf(await open(await signJson({ requires: ['quorum'], verb: 'later' })))).toBe('trust.unknown-feature');
  });

  it('ENV-6: takes a known one, and keeps an unknown optional field', async () => {
    const envelope = await signJson({ requires: ['known'], hint: { later: true } });
    expect(unwrap(await open(envelope, { features: ['known'] })).payload).toMatchObject({ hint: { later: true } });
  });
});

describe('ENV-7: common fields', () => {
  it('ENV-7: stand first, filled in when absent', () => {
    expect(Object.keys(JSON.parse(textOf(command)) as object).slice(0, 5)).toEqual([
      'fleet',
      'signer',
      'requires',
      'trustHead',
      'auditHead',
    ]);
  });

  it.each(['fleet', 'signer', 'requires', 'trustHead', 'auditHead'])(
    'ENV-7: refuses a payload without %s',
    async (name) => {
      const { [name]: _, ...rest } = JSON.parse(textOf(command)) as Record<string, unknown>;
      const opened = await open(await signText(JSON.stringify(rest)));
      expect(opened).toMatchObject({ ok: false, error: { code: 'trust.bad-payload', field: name } });
    },
  );

  it('ENV-7: refuses a payload that names another signer or fleet', async () => {
    expect(codeOf(await open(await signJson({ signer: stranger.id })))).toBe('trust.signer-mismatch');
    expect(codeOf(await open(command, { fleet: sha256Hex(utf8('other')) }))).toBe('trust.wrong-fleet');
    expect(codeOf(await open(await signJson({ fleet: '' })))).toBe('trust.bad-payload');
  });

  it('ENV-7: will not sign in the name of another, nor a payload that does not fit', async () => {
    await expect(signEnvelope('command', { ...fields, signer: stranger.id }, device.key.signer)).rejects.toThrow(
      /another signer/,
    );
    await expect(signEnvelope('command', { ...fields, verb: 'exec' }, device.key.signer)).rejects.toThrow(/verb/);
    await expect(signEnvelope('command', { ...fields, args: { constructor: 1 } }, device.key.signer)).rejects.toThrow(
      /reserved/,
    );
  });
});

describe('ENV-8: the name of what was signed', () => {
  it('ENV-8: is the hash of the payload bytes and differs by signer', async () => {
    expect(itemHash(command)).toBe(sha256Hex(utf8(textOf(command))));
    expect(unwrap(await open(command)).itemHash).toBe(itemHash(command));
    const byOther = await signEnvelope('command', fields, stranger.key.signer);
    expect(itemHash(byOther)).not.toBe(itemHash(command));
  });

  it('ENV-8: is the same after the envelope was written in another way', () => {
    const text = JSON.stringify(
      { signatures: command.signatures, payload: command.payload, payloadType: command.payloadType },
      null,
      2,
    );
    expect(itemHash(unwrap(parseEnvelope(text)))).toBe(itemHash(command));
  });
});

describe('ENV-9: one class of refusal', () => {
  const flip = (bytes: Uint8Array, bit: number) => {
    const out = new Uint8Array(bytes);
    const index = (bit >> 3) % out.length;
    out[index] = (out[index] ?? 0) ^ (1 << (bit & 7));
    return out;
  };

  it('ENV-9: any bit of type, payload or signature changed is a bad signature', async () => {
    const [signature] = command.signatures;
    const sig = fromBase64(signature?.sig ?? '') ?? new Uint8Array();
    const payload = fromBase64(command.payload) ?? new Uint8Array();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('payload', 'sig', 'type'), fc.nat(), async (where, bit) => {
        const changed = {
          payloadType: command.payloadType,
          payload: where === 'payload' ? toBase64(flip(payload, bit)) : command.payload,
          signatures: [{ keyid: device.id, sig: where === 'sig' ? toBase64(flip(sig, bit)) : (signature?.sig ?? '') }],
        };
        // Only the low 7 bits: the type is text.
        if (where === 'type') {
          const type = [...command.payloadType];
          const index = bit % type.length;
          type[index] = String.fromCharCode((type[index]?.charCodeAt(0) ?? 0) ^ (1 << (bit % 7)));
          changed.payloadType = type.join('');
        }
        expect(codeOf(await open(changed))).toBe('trust.bad-signature');
      }),
      { numRuns: 400 },
    );
  });

  it('ENV-9: any bit of the text changed is refused as denied with a code of trust', async () => {
    const bytes = utf8(JSON.stringify(command));
    const codes = new Set<string>();
    for (let bit = 0; bit < bytes.length * 8; bit += bytes.length > 4_000 ? 3 : 1) {
      const parsed = parseEnvelope(flip(bytes, bit));
      const opened = parsed.ok ? await open(parsed.value) : parsed;
      if (opened.ok) throw new Error(`bit ${bit} was taken: ${utf8ToText(flip(bytes, bit))}`);
      expect(isFault(opened.error)).toBe(true);
      expect(opened.error.kind).toBe('denied');
      codes.add(opened.error.code);
    }
    expect([...codes].sort()).toEqual(['trust.bad-signature', 'trust.malformed', 'trust.unknown-signer']);
  });

  it('ENV-9: rubbish never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (input) => {
        const parsed = parseEnvelope(input);
        expect(codeOf(parsed)).toBe('trust.malformed');
        expect(codeOf(await open(input as Envelope))).toBe('trust.malformed');
      }),
      { numRuns: 500 },
    );
  });
});
