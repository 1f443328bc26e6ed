import { readFileSync } from 'node:fs';
import { type Fault, fault } from '#shared/kernel/index.ts';
import { parseAuditExport } from '#shared/trust/index.ts';
import type { NodeConfig } from './config.ts';
import { createTrustHolder } from './link/trust-holder.ts';
import { readStatusFile } from './status-file.ts';
import { openNodeStore } from './store/node-store.ts';

/**
 * `overseer node trust import FILE`: takes what `overseer trust export FILE` wrote on a device, where the core keeps entries
 * back. Each is verified against the fleet that this node belongs to; an agent that runs takes them at once.
 */
export async function importTrust(
  config: NodeConfig,
  file: string,
  tellFault: (value: Fault) => number,
): Promise<number> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    return tellFault(unreadable(file, (cause as NodeJS.ErrnoException).code ?? 'unreadable'));
  }
  const parsed = parseAuditExport(text.split('\n'));
  if (!parsed.ok) return tellFault(parsed.error);
  const store = openNodeStore(config.dataDir);
  try {
    const fleet = store.setting('fleet');
    if (fleet === undefined) return tellFault(notJoined());
    const trust = await createTrustHolder(fleet, store.trust);
    if (!trust.ok) return tellFault(trust.error);
    const before = trust.value.state.entries.length;
    const taken = await trust.value.receive(parsed.value.trust);
    if (!taken.ok) return tellFault(taken.error);
    const fresh = trust.value.state.entries.length - before;
    const running = readStatusFile(config.runDir);
    if (running && fresh > 0) process.kill(running.pid, 'SIGHUP');
    process.stdout.write(
      `${fresh} new entries of ${parsed.value.trust.length} in ${file}; this node has ${before + fresh}.\n`,
    );
    return 0;
  } finally {
    store.close();
  }
}

function unreadable(file: string, why: string): Fault {
  return fault(
    'node.unreadable-file',
    'permanent',
    `${file} can not be read (${why}).`,
    'Write it on a device with `overseer trust export FILE`, and copy it here.',
  );
}

function notJoined(): Fault {
  return fault(
    'node.not-joined',
    'permanent',
    'This node belongs to no fleet yet.',
    'Run `overseer nodes token` on a device, then `overseer node join TOKEN` here.',
  );
}
