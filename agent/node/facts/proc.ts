/** Jiffies since boot, all processors together. */
export interface CpuTimes {
  readonly idle: number;
  readonly total: number;
}

/** Reads the first line of /proc/stat; `iowait` counts as idle. */
export function parseCpuTimes(stat: string): CpuTimes {
  const line = /^cpu\s+(.*)$/m.exec(stat)?.[1] ?? '';
  // user nice system idle iowait irq softirq steal; guest times are part of user already (proc_stat(5)).
  const fields = line.split(/\s+/).slice(0, 8).map(Number);
  const total = fields.reduce((sum, value) => sum + (Number.isFinite(value) ? value : 0), 0);
  return { idle: (fields[3] ?? 0) + (fields[4] ?? 0), total };
}

/** Share of the time between two readings that was not idle, 0 to 1. */
export function cpuLoadBetween(before: CpuTimes, after: CpuTimes): number {
  const total = after.total - before.total;
  if (total <= 0) return 0;
  return Math.min(1, Math.max(0, 1 - (after.idle - before.idle) / total));
}

/** Memory in use is what the kernel could not hand out: total less MemAvailable. */
export function parseMemory(meminfo: string): { totalBytes: number; usedBytes: number } | undefined {
  const total = kibibytes(meminfo, 'MemTotal');
  const available = kibibytes(meminfo, 'MemAvailable');
  if (total === undefined || available === undefined) return undefined;
  return { totalBytes: total * 1024, usedBytes: (total - available) * 1024 };
}

/** The name a person would say: PRETTY_NAME of os-release(5). */
export function parseOsRelease(text: string): string {
  const value = /^PRETTY_NAME=(.*)$/m.exec(text)?.[1]?.trim() ?? '';
  const bare = /^"(.*)"$/.exec(value)?.[1] ?? value;
  return bare === '' ? 'Linux' : bare.replaceAll(/\\(.)/g, '$1');
}

function kibibytes(meminfo: string, name: string): number | undefined {
  const value = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo)?.[1];
  return value === undefined ? undefined : Number(value);
}
