import type { NodeRow } from '#shared/contracts/ipc/index.ts';

/** One measure of a server, as a share and in numbers. */
export interface Measure {
  readonly kind: 'cpu' | 'memory' | 'disk';
  /** In use, 0 to 1. */
  readonly share: number;
  readonly level: 'fine' | 'high' | 'full';
  /** Bytes in use and in all; null for processors. */
  readonly bytes: { readonly used: number; readonly total: number } | null;
  readonly cpuCount: number | null;
}

const high = { cpu: 0.85, memory: 0.85, disk: 0.8 };
const full = { cpu: 0.98, memory: 0.95, disk: 0.92 };

/** CPU, memory and disk of a node as it last told them; none before it was heard. */
export function measuresOf(facts: NodeRow['facts']): Measure[] {
  if (facts === null) return [];
  const { memoryUsedBytes, memoryTotalBytes, diskTotalBytes, diskFreeBytes } = facts;
  return [
    measure('cpu', facts.cpuLoad, null, facts.cpuCount),
    measure('memory', shareOf(memoryUsedBytes, memoryTotalBytes), { used: memoryUsedBytes, total: memoryTotalBytes }),
    measure('disk', shareOf(diskTotalBytes - diskFreeBytes, diskTotalBytes), {
      used: diskTotalBytes - diskFreeBytes,
      total: diskTotalBytes,
    }),
  ];
}

function measure(
  kind: Measure['kind'],
  share: number,
  bytes: Measure['bytes'],
  cpuCount: number | null = null,
): Measure {
  const level = share >= full[kind] ? 'full' : share >= high[kind] ? 'high' : 'fine';
  return { kind, share, level, bytes, cpuCount };
}

function shareOf(used: number, total: number): number {
  return total > 0 ? Math.min(1, Math.max(0, used / total)) : 0;
}
