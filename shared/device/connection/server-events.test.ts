import { expect, test } from 'vitest';
import { utf8 } from '#shared/kernel/index.ts';
import { readServerEvents } from './server-events.ts';

async function* chunks(...texts: string[]) {
  for (const text of texts) yield utf8(text);
}

test('events are read whatever way the bytes were cut', async () => {
  const text =
    ': hello\n\nid: 7\nevent: job\ndata: {"a":1}\n\nid: 8\nevent: step\ndata: {"b":\ndata: 2}\n\nid: 9\ndata: cut';
  for (let at = 1; at < text.length; at += 5) {
    const events = [];
    for await (const event of readServerEvents(chunks(text.slice(0, at), text.slice(at)))) events.push(event);
    expect(events).toEqual([
      { id: '7', event: 'job', data: '{"a":1}' },
      { id: '8', event: 'step', data: '{"b":\n2}' },
    ]);
  }
});
