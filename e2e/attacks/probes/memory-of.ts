import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const STEP_BYTES = 8 * 1024 * 1024;
const OVERLAP_BYTES = 4_096;

/** Gives all writable memory of a process to `look`, piece by piece; pieces overlap. Gives how many bytes it was. */
export function lookIntoMemory(pid: number, look: (piece: Buffer) => void): number {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const piece = Buffer.alloc(STEP_BYTES);
  let total = 0;
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      if (from === '') continue;
      const [start, end] = [Number.parseInt(from, 16), Number.parseInt(to, 16)];
      for (let at = start; at < end; at += STEP_BYTES - OVERLAP_BYTES) {
        const read = readPiece(memory, piece, at, Math.min(STEP_BYTES, end - at));
        look(piece.subarray(0, read));
        total += read;
        if (at + STEP_BYTES >= end) break;
      }
    }
  } finally {
    closeSync(memory);
  }
  return total;
}

/** What the process has given back meanwhile can not be read any more. */
function readPiece(memory: number, piece: Buffer, at: number, length: number): number {
  try {
    return readSync(memory, piece, 0, length, at);
  } catch {
    return 0;
  }
}
