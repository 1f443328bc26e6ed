import { describe, expect, it } from 'vitest';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import { measuresOf } from './node-measures.ts';

const facts = (more: Partial<NonNullable<NodeRow['facts']>>): NonNullable<NodeRow['facts']> => ({
  version: '0.1.0',
  os: 'Debian',
  kernel: '6',
  arch: 'x64',
  hostname: 'cellar',
  cpuCount: 4,
  cpuLoad: 0.1,
  memoryTotalBytes: 1_000,
  memoryUsedBytes: 900,
  diskTotalBytes: 1_000,
  diskFreeBytes: 50,
  dockerVersion: null,
  composeVersion: null,
  uptimeSeconds: 1,
  ...more,
});

describe('what a node measures', () => {
  it('is nothing before it was heard', () => {
    expect(measuresOf(null)).toEqual([]);
  });

  it('comes as share, numbers and level', () => {
    expect(measuresOf(facts({}))).toEqual([
      { kind: 'cpu', share: 0.1, level: 'fine', bytes: null, cpuCount: 4 },
      { kind: 'memory', share: 0.9, level: 'high', bytes: { used: 900, total: 1_000 }, cpuCount: null },
      { kind: 'disk', share: 0.95, level: 'full', bytes: { used: 950, total: 1_000 }, cpuCount: null },
    ]);
  });

  it('never leaves 0 to 1, whatever a node tells', () => {
    const shares = measuresOf(facts({ memoryTotalBytes: 0, diskFreeBytes: 5_000 })).map((one) => one.share);
    expect(shares).toEqual([0.1, 0, 0]);
  });
});
