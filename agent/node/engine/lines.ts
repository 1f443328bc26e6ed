/** One line of a container's output. `bytes` has neither the line's end nor the time that the engine put before it. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  /** RFC 3339 with nanoseconds, as the engine noted it. */
  readonly time: string;
  readonly bytes: Uint8Array;
}

/** Longest line that is kept together; longer ones come in pieces. */
const LINE_MAX_BYTES = 64 * 1024;

/**
 * Splits a log stream into lines. Bytes are cut at line ends only, never inside a character; a terminal's output has no
 * frames. Feed it chunks as they come, and `end()` for what is left.
 */
export function createLineReader(isTerminal: boolean): { read(chunk: Buffer): OutputLine[]; end(): OutputLine[] } {
  const pending = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  let rest: Buffer = Buffer.alloc(0);
  const take = (stream: 'stdout' | 'stderr', data: Buffer, isEnd: boolean): OutputLine[] => {
    const lines: OutputLine[] = [];
    let buffer = Buffer.concat([pending[stream], data]);
    for (;;) {
      const at = buffer.indexOf(0x0a);
      if (at === -1 && buffer.length < LINE_MAX_BYTES) break;
      const cut = at === -1 ? LINE_MAX_BYTES : at;
      lines.push(toLine(stream, buffer.subarray(0, cut)));
      buffer = buffer.subarray(at === -1 ? cut : at + 1);
    }
    if (isEnd && buffer.length > 0) {
      lines.push(toLine(stream, buffer));
      buffer = Buffer.alloc(0);
    }
    pending[stream] = Buffer.from(buffer);
    return lines;
  };
  return {
    read: (chunk) => {
      if (isTerminal) return take('stdout', chunk, false);
      rest = Buffer.concat([rest, chunk]);
      const lines: OutputLine[] = [];
      // Frames of the engine: one byte for the stream, three of nothing, four of length.
      while (rest.length >= 8) {
        const size = rest.readUInt32BE(4);
        if (rest.length < 8 + size) break;
        lines.push(...take(rest[0] === 2 ? 'stderr' : 'stdout', rest.subarray(8, 8 + size), false));
        rest = rest.subarray(8 + size);
      }
      return lines;
    },
    end: () => [...take('stdout', Buffer.alloc(0), true), ...take('stderr', Buffer.alloc(0), true)],
  };
}

function toLine(stream: 'stdout' | 'stderr', line: Buffer): OutputLine {
  const clean = line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
  const space = clean.indexOf(0x20);
  const head = space === -1 ? '' : clean.subarray(0, space).toString('latin1');
  const hasTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(head);
  return { stream, time: hasTime ? head : '', bytes: new Uint8Array(hasTime ? clean.subarray(space + 1) : clean) };
}
