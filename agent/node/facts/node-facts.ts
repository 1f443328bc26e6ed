import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { arch, cpus, hostname, release, totalmem, uptime } from 'node:os';
import type { NodeFacts } from '#shared/contracts/link/observed.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import type { EngineVersions } from './engine-versions.ts';
import { type CpuTimes, cpuLoadBetween, parseCpuTimes, parseMemory, parseOsRelease } from './proc.ts';

/** Reads what a heartbeat tells. The load is that of the time since the last call. */
export function createFactsReader(about: {
  dataDir: string;
  versions: () => Promise<EngineVersions>;
}): () => Promise<NodeFacts> {
  const os = parseOsRelease(readText('/etc/os-release'));
  const cpuCount = cpus().length;
  let before: CpuTimes = parseCpuTimes(readText('/proc/stat'));
  return async () => {
    const now = parseCpuTimes(readText('/proc/stat'));
    const cpuLoad = cpuLoadBetween(before, now);
    before = now;
    const memory = parseMemory(readText('/proc/meminfo')) ?? { totalBytes: totalmem(), usedBytes: 0 };
    const disk = await statfs(about.dataDir);
    const versions = await about.versions();
    return {
      version: VERSION,
      os: os.slice(0, 128),
      kernel: release().slice(0, 128),
      arch: arch(),
      hostname: hostname().slice(0, 253),
      cpuCount,
      cpuLoad,
      memoryTotalBytes: memory.totalBytes,
      memoryUsedBytes: memory.usedBytes,
      diskTotalBytes: disk.blocks * disk.bsize,
      diskFreeBytes: disk.bavail * disk.bsize,
      dockerVersion: versions.docker,
      composeVersion: versions.compose,
      uptimeSeconds: Math.floor(uptime()),
    };
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
