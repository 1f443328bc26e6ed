import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as syncProtocol from 'y-protocols/sync';
import * as Y from 'yjs';
import { type Bridge, VIEW_FIELDS, VIEW_TEXTS } from '#shared/contracts/ipc/index.ts';
import { composeText } from './fixtures/apps.ts';
import { idOf } from './fixtures/ids.ts';

const SYNC = 0;

/** The bridge, with view documents that live in this page: what is edited stays until it is reloaded. */
export function serveViewDocuments(bridge: Bridge): Bridge {
  const docs = new Map<string, Y.Doc>();
  const docOf = (name: string): Y.Doc => {
    const doc = docs.get(name) ?? newDoc(name);
    docs.set(name, doc);
    return doc;
  };
  return {
    call: (name, input) => bridge.call(name, input),
    subscribe: (topic, params, listener) => bridge.subscribe(topic, params, listener),
    openDocument(name, listener) {
      const doc = docOf(name);
      const send = (fill: (encoder: encoding.Encoder) => void): void => {
        const encoder = encoding.createEncoder();
        encoding.writeVarUint(encoder, SYNC);
        fill(encoder);
        queueMicrotask(() => listener.onData(encoding.toUint8Array(encoder)));
      };
      const onUpdate = (update: Uint8Array, origin: unknown) => {
        if (origin !== listener) send((encoder) => syncProtocol.writeUpdate(encoder, update));
      };
      doc.on('update', onUpdate);
      queueMicrotask(() => {
        listener.onOpen();
        send((encoder) => syncProtocol.writeSyncStep1(encoder, doc));
      });
      return {
        send(bytes) {
          const decoder = decoding.createDecoder(bytes);
          if (decoding.readVarUint(decoder) !== SYNC) return;
          const answer = encoding.createEncoder();
          encoding.writeVarUint(answer, SYNC);
          syncProtocol.readSyncMessage(decoder, answer, doc, listener);
          if (encoding.length(answer) > 1) listener.onData(encoding.toUint8Array(answer));
        },
        close: () => doc.off('update', onUpdate),
      };
    },
  };
}

function newDoc(name: string): Y.Doc {
  const doc = new Y.Doc();
  const fields = doc.getMap(VIEW_FIELDS);
  if (name === 'fleet') {
    fields.set('name', 'home');
    return doc;
  }
  const item = (collection: string, id: string, values: Record<string, unknown>) => {
    for (const [key, value] of Object.entries(values)) fields.set(`${collection}/${id.padEnd(26, 'a')}/${key}`, value);
  };
  fields.set('name', 'miniflux');
  fields.set('state', 'running');
  fields.set('node', idOf('node nuc'));
  item('env', 'envb', { key: 'LOG_LEVEL', value: 'info', createdAt: '2026-01-01T00:00:00.000Z' });
  item('env', 'envc', { key: 'POLLING_FREQUENCY', value: '60', createdAt: '2026-01-01T00:00:01.000Z' });
  item('env', 'envd', { key: 'ADMIN_PASSWORD', value: 'hunter2', createdAt: '2026-01-01T00:00:02.000Z' });
  item('exceptions', 'excb', {
    rule: 'host-folder',
    service: 'web',
    value: '/srv/media:/media:ro',
    reason: 'the films lie there',
    createdAt: '2026-01-01T00:00:00.000Z',
  });
  item('routes', 'routeb', {
    hostname: 'rss.example.com',
    service: 'web',
    port: 8080,
    tls: 'acme',
    dns: 'auto',
    createdAt: '2026-01-01T00:00:00.000Z',
  });
  const compose = new Y.Text(composeText);
  doc.getMap(VIEW_TEXTS).set('compose', compose);
  return doc;
}
