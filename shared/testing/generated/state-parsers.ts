import * as Y from 'yjs';
import {
  err,
  fault,
  fromBase64Url,
  type Result,
  randomId,
  toBase64,
  toBase64Url,
  utf8,
  utf8ToText,
} from '#shared/kernel/index.ts';
import { parseCatalogApp } from '../../domain/apps/catalog/parse-app.ts';
import { findInCompose } from '../../domain/policies/index.ts';
import { createRowLog, openRow } from '../../replica/index.ts';
import { inspectUpdate } from '../../replica/inspect-update.ts';
import { clientIdOf, rowSchema, signRow } from '../../replica/row.ts';
import { readPayload } from '../../trust/envelopes/open-envelope.ts';
import { preAuthEncoding } from '../../trust/envelopes/pae.ts';
import { type Envelope, payloadBytesOf, payloadTypeOf } from '../../trust/index.ts';
import { createTestFleet, seededRandom, testId } from '../../trust/testing/test-fleet.ts';
import type { ParserUnderTest } from './parser-under-test.ts';

const text = (input: Uint8Array): string => new TextDecoder().decode(input);
const DOC = 'fleet';
const writer = testId('writer');
const clientId = clientIdOf(writer, DOC);

/** A first update of a writer: two entries, and a text with words. */
function firstUpdate(author: string): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const random = seededRandom('entries');
  for (const value of ['Miniflux', { port: 8080, list: [1, 'two', null] }]) {
    const entry = { field: 'name', value, author, at: '2026-01-01T00:00:00.000Z', supersedes: [] };
    doc.getMap('entries').set(randomId(random), entry);
  }
  const words = new Y.Text();
  doc.getMap('texts').set(randomId(random), words);
  words.insert(0, 'services:\n  web: {}\n');
  words.delete(2, 3);
  return Y.encodeStateAsUpdate(doc);
}

async function rowMaker() {
  const { owner, state } = await createTestFleet();
  const about = {
    fleet: state.fleet,
    trustHead: state.head,
    auditHead: null,
    doc: DOC,
    writer,
    prevHash: null,
    seq: 1,
  };
  const signed = (update: Uint8Array) => signRow({ ...about, update }, owner.key.signer);
  const signBytes = async (payload: Uint8Array): Promise<Envelope> => {
    const payloadType = payloadTypeOf('row');
    const sig = await owner.key.signer.sign(preAuthEncoding(payloadType, payload));
    return { payloadType, payload: toBase64(payload), signatures: [{ keyid: owner.id, sig: toBase64(sig) }] };
  };
  return { author: owner.id, state, signed, signBytes };
}

/** The payload of a row; a share of them signed, as a stolen device can. */
export async function row(): Promise<ParserUnderTest> {
  const { author, state, signed, signBytes } = await rowMaker();
  return {
    samples: [payloadBytesOf(await signed(firstUpdate(author)))],
    largest: 1024 * 1024,
    parse: async (input) => {
      if (input.length % 16 === 0) return openRow(await signBytes(input), state);
      const read = readPayload('row', input, []);
      if (!read.ok) return read;
      const row = rowSchema.safeParse(read.value);
      const update = row.success ? fromBase64Url(row.data.update) : undefined;
      if (!row.success || update === undefined) return err(fault('row.malformed', 'denied', 'no row', 'send a row'));
      return inspectUpdate(update, row.data.clientId, new Map());
    },
  };
}

/** The Yjs update inside of a row; those that pass the inspection, and a share of all, are merged into the document. */
export async function rowUpdate(): Promise<ParserUnderTest> {
  const { author, state, signBytes, signed } = await rowMaker();
  const whole = utf8ToText(payloadBytesOf(await signed(firstUpdate(author))));
  const own = toBase64Url(firstUpdate(author));
  return {
    samples: [firstUpdate(author)],
    largest: 512 * 1024,
    parse: async (input) => {
      const inspected = inspectUpdate(input, clientId, new Map());
      if (!inspected.ok && input.length % 64 !== 0) return inspected;
      const log = createRowLog();
      const taken = await log.accept(await signBytes(utf8(whole.replace(own, toBase64Url(input)))), state);
      if (taken.ok) JSON.stringify(log.snapshot(DOC));
      return taken as Result<unknown>;
    },
  };
}

/** The description of an app of the catalogue: one that uses most of what there is, in few lines. */
export function appYaml(): ParserUnderTest {
  const app = [
    'schema: 1\nid: tiny\nname: Tiny\ndescription: Small.\nwebsite: https://tiny.example\nversion: 1.0.0',
    'route: {service: web, port: 8080}\nvolumes:\n  data:\n    description: All.\n    backup: {method: copy-stopped, services: [web]}\n',
  ].join('\n');
  return { samples: [utf8(app)], largest: 65_536, parse: (input) => parseCatalogApp(text(input)) };
}

/** Gate 1: the raw text of a Compose file. */
export function composeFile(): ParserUnderTest {
  const own = [
    'services:\n  web:\n    image: lab/web:1\n    environment: [A=b]\n    ports: ["8080:80"]\nvolumes: {data: {}}\n',
    'x-a: &a {image: lab/web:1}\nservices:\n  web:\n    <<: *a\n    command: ["sh", "-c", "echo $$HOME"]\n',
  ];
  return {
    samples: own.map((one) => utf8(one)),
    largest: 262_144,
    parse: (input) => {
      // A file that breaks a rule is read all the same: refused is only what can not be read.
      return findInCompose(text(input), { files: [], secrets: [], exceptions: [] });
    },
  };
}
