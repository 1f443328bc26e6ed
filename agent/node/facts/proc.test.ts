import { describe, expect, it } from 'vitest';
import { cpuLoadBetween, parseCpuTimes, parseMemory, parseOsRelease } from './proc.ts';

describe('facts from /proc', () => {
  it('gives the share of processor time that was not idle', () => {
    const before = parseCpuTimes('cpu  100 0 100 700 100 0 0 0 50 0\ncpu0 1 2 3 4\n');
    const after = parseCpuTimes('cpu  150 0 150 750 150 0 0 0 90 0\n');
    expect(before).toEqual({ idle: 800, total: 1_000 });
    expect(cpuLoadBetween(before, after)).toBe(0.5);
    expect(cpuLoadBetween(after, after)).toBe(0);
    expect(cpuLoadBetween(after, before)).toBe(0);
  });

  it('counts memory that the kernel can not hand out as used', () => {
    expect(parseMemory('MemTotal:       1000 kB\nMemFree:  10 kB\nMemAvailable:    400 kB\n')).toEqual({
      totalBytes: 1_024_000,
      usedBytes: 614_400,
    });
    expect(parseMemory('')).toBeUndefined();
  });

  it('reads the name of the system as os-release(5) writes it', () => {
    expect(parseOsRelease('ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')).toBe(
      'Debian GNU/Linux 12 (bookworm)',
    );
    expect(parseOsRelease('PRETTY_NAME=Alpine\n')).toBe('Alpine');
    expect(parseOsRelease('')).toBe('Linux');
  });
});
