import { type Fault, textLines, visibleJson, visibleText } from '#shared/kernel/index.ts';
import type { Style, Tone } from './style.ts';

/** Where a command writes. Every text passes visibleText and every document visibleJson, so no caller can forget it. */
export interface Output {
  readonly json: boolean;
  /** True where a person watches: a live line says what goes on, so that started steps need no line of their own. */
  readonly interactive: boolean;
  /** A result line on standard output; nothing in JSON mode. */
  line(text?: string, tone?: Tone): void;
  /** Columns on standard output; nothing in JSON mode. */
  table(headers: readonly string[], rows: readonly (readonly string[])[]): void;
  /** A remark on standard error, kept out of the result; nothing in JSON mode. */
  note(text: string, tone?: Tone): void;
  /** Shows what is going on right now: a line that is replaced on a terminal, nothing elsewhere. */
  status(text: string | null): void;
  /** One JSON document in one line on standard output, only in JSON mode. */
  document(value: unknown): void;
  /** One line of JSON Lines, only in JSON mode: for verbs that stream. */
  record(value: unknown): void;
  fault(fault: Fault): void;
}

export interface OutputStreams {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

/** Makes the output of one command run. */
export function createOutput(
  streams: OutputStreams,
  options: { json: boolean; style: Style; errorStyle: Style },
): Output {
  const { stdout, stderr } = streams;
  const { json, style, errorStyle } = options;
  const live = stderr.isTTY === true && !json;
  let statusShown = false;
  const clearStatus = (): void => {
    if (statusShown) stderr.write('\r\u001b[2K');
    statusShown = false;
  };
  const print = (stream: typeof stdout, paint: Style, text: string, tone: Tone): void => {
    clearStatus();
    for (const line of textLines(text)) stream.write(`${paint(tone, visibleText(line))}\n`);
  };
  const printJson = (value: unknown): void => void stdout.write(`${visibleJson(JSON.stringify(value))}\n`);
  return {
    json,
    interactive: live && stdout.isTTY === true,
    line: (text = '', tone = 'plain') => {
      if (!json) print(stdout, style, text, tone);
    },
    table: (headers, rows) => {
      if (json) return;
      for (const [index, line] of tableLines(headers, rows).entries()) {
        print(stdout, style, line, index === 0 ? 'dim' : 'plain');
      }
    },
    note: (text, tone = 'dim') => {
      if (!json) print(stderr, errorStyle, text, tone);
    },
    status: (text) => {
      if (!live) return;
      clearStatus();
      if (text === null) return;
      stderr.write(errorStyle('dim', visibleText(text).slice(0, 120)));
      statusShown = true;
    },
    document: (value) => {
      if (json && value !== undefined) printJson(value);
    },
    record: (value) => {
      if (json) printJson(value);
    },
    fault: (fault) => {
      clearStatus();
      if (json) {
        printJson({ error: fault });
        return;
      }
      const lines: [string, string][] = [['error', fault.message]];
      if (fault.field !== undefined) lines.push(['field', fault.field]);
      for (const [key, value] of Object.entries(fault.detail ?? {})) lines.push([key, value]);
      lines.push(['fix', fault.next], ['code', fault.code]);
      for (const [label, text] of lines) {
        print(stderr, errorStyle, `${label}: ${text}`, label === 'error' ? 'bad' : 'plain');
      }
    },
  };
}

/** Lays out columns two spaces apart; the header comes first, in capitals. */
export function tableLines(headers: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [headers.map((header) => header.toUpperCase()), ...rows].map((row) =>
    row.map((cell) => visibleText(cell).slice(0, 200)),
  );
  const widths = headers.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
