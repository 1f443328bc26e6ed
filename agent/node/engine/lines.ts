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
 * Splits a log stream into lines, never inside a character. A terminal's output has no frames. Feed it chunks as they come,
 * and `end()` for what is left.
 */
export function createLineReader(isTerminal: boolean): { read(chunk: Buffer): OutputLine[]; end(): OutputLine[] } {
  const open = { stdout: createOpenLine('stdout'), stderr: createOpenLine('stderr') };
  let rest: Buffer = Buffer.alloc(0);
  return {
    read: (chunk) => {
      if (isTerminal) return open.stdout.add(chunk);
      rest = Buffer.concat([rest, chunk]);
      const lines: OutputLine[] = [];
      // Frames of the engine: one byte for the stream, three of nothing, four of length.
      while (rest.length >= 8) {
        const size = rest.readUInt32BE(4);
        if (rest.length < 8 + size) break;
        const line = rest[0] === 2 ? open.stderr : open.stdout;
        const data = rest.subarray(8, 8 + size);
        // The engine keeps long lines in pieces of 16 KiB and puts a time before each of them.
        lines.push(...line.add(line.hasBegun() ? data.subarray(timeOf(data)?.end ?? 0) : data));
        rest = rest.subarray(8 + size);
      }
      return lines;
    },
    end: () => [...open.stdout.end(), ...open.stderr.end()],
  };
}

/** The line of one stream that has not ended yet: no more of it is held than one piece may have. */
function createOpenLine(stream: OutputLine['stream']) {
  let parts: Buffer[] = [];
  let size = 0;
  /** Of a line that was cut already. */
  let begunAt: string | undefined;
  const put = (bytes: Buffer): void => {
    if (bytes.length > 0) parts.push(bytes);
    size += bytes.length;
  };
  const emit = (bytes: Buffer): OutputLine => {
    // Only what stands at the beginning of the whole line is the engine's word: what follows is the app's.
    const found = begunAt === undefined ? timeOf(bytes) : undefined;
    const time = begunAt ?? found?.time ?? '';
    return { stream, time, bytes: new Uint8Array(bytes.subarray(found?.end ?? 0)) };
  };
  const takeAll = (): Buffer => {
    const all = Buffer.concat(parts);
    parts = [];
    size = 0;
    return all;
  };
  const close = (): OutputLine => {
    const whole = takeAll();
    const line = emit(whole.at(-1) === 0x0d ? whole.subarray(0, -1) : whole);
    begunAt = undefined;
    return line;
  };
  return {
    hasBegun: () => size > 0 || begunAt !== undefined,
    add(data: Buffer): OutputLine[] {
      const lines: OutputLine[] = [];
      for (let from = 0; from < data.length; ) {
        const end = data.indexOf(0x0a, from);
        // What is kept must not hold the engine's whole chunk in memory.
        put(end === -1 ? Buffer.from(data.subarray(from)) : data.subarray(from, end));
        while (size > LINE_MAX_BYTES) {
          const whole = takeAll();
          const cut = borderBefore(whole, LINE_MAX_BYTES);
          const piece = emit(whole.subarray(0, cut));
          lines.push(piece);
          begunAt = piece.time;
          put(whole.subarray(cut));
        }
        if (end === -1) break;
        lines.push(close());
        from = end + 1;
      }
      return lines;
    },
    end: () => (size > 0 ? [close()] : []),
  };
}

/** The last place up to `at` where no character of UTF-8 is torn apart; `at` itself where it is none anyway. */
function borderBefore(bytes: Buffer, at: number): number {
  for (let back = 0; back < 4; back++) if (((bytes[at - back] ?? 0) & 0xc0) !== 0x80) return at - back;
  return at;
}

/** The time that the engine put before a message, and where the message itself begins. */
function timeOf(bytes: Buffer): { time: string; end: number } | undefined {
  const head = bytes.subarray(0, 64);
  const space = head.indexOf(0x20);
  const time = head.subarray(0, Math.max(space, 0)).toString('latin1');
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(time) ? { time, end: space + 1 } : undefined;
}
