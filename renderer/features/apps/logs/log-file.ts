import type { LogLine } from './line-buffer.ts';

/** A log as a text file: time, service and text of each line, escaped as on the screen, so that `cat` is safe too. */
export function linesToText(lines: readonly LogLine[]): string {
  return lines.map((line) => `${line.at} ${line.service} ${line.text}\n`).join('');
}

/** Name of the file for a log taken now, without a character that some file system refuses. */
export function logFileName(appName: string, nowMs: number): string {
  return `${appName}-${new Date(nowMs).toISOString().slice(0, 19).replace(/[:T]/g, '-')}.log`;
}

/** Lets the browser save a text. */
export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob after the click returns.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
