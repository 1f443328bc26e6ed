import { describe, expect, it } from 'vitest';
import { utf8ToText } from '#shared/kernel/index.ts';
import { createManualClock } from '#shared/testing/deterministic.ts';
import { createAgentLog } from './agent-log.ts';

const never = new AbortController().signal;

async function readAll(lines: AsyncIterable<{ bytes: Uint8Array }>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { bytes } of lines) texts.push(utf8ToText(bytes));
  return texts;
}

describe('agent log', () => {
  it('writes every line through and keeps the newest', async () => {
    const written: string[] = [];
    const log = createAgentLog(createManualClock(), (line) => written.push(line), 3);
    for (const line of ['a', 'b', 'c', 'd']) log.log(line);
    expect(written).toEqual(['a', 'b', 'c', 'd']);
    expect(await readAll(log.read({ tail: 10, follow: false, signal: never }))).toEqual(['b', 'c', 'd']);
    expect(await readAll(log.read({ tail: 1, follow: false, signal: never }))).toEqual(['d']);
  });

  it('follows until its reader goes, and a slow reader skips what is no longer kept', async () => {
    const log = createAgentLog(createManualClock(), () => undefined, 2);
    const ended = new AbortController();
    const lines = log.read({ tail: 0, follow: true, signal: ended.signal });
    const first = lines.next();
    log.log('a');
    expect(utf8ToText((await first).value?.bytes ?? new Uint8Array())).toBe('a');
    for (const line of ['b', 'c', 'd']) log.log(line);
    expect(utf8ToText((await lines.next()).value?.bytes ?? new Uint8Array())).toBe('c');
    await lines.next();
    const last = lines.next();
    ended.abort();
    expect((await last).done).toBe(true);
  });
});
