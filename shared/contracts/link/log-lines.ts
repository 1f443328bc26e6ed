import { utf8ToText } from '#shared/kernel/index.ts';
import { type LogLineMessage, logLineSchema } from './commands.ts';

/** Joins frames into JSON lines: a frame may end in the middle of a line or of a character. */
export function createLineReader(): { push(bytes: Uint8Array): LogLineMessage[] } {
  let rest = new Uint8Array();
  return {
    push(bytes) {
      const all = new Uint8Array(rest.length + bytes.length);
      all.set(rest);
      all.set(bytes, rest.length);
      const end = all.lastIndexOf(10);
      rest = all.slice(end + 1);
      if (end < 0) return [];
      return utf8ToText(all.subarray(0, end))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => logLineSchema.parse(JSON.parse(line)));
    },
  };
}
