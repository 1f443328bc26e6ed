import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CoreSeen } from './store-probe/probe-core.ts';
import type { NodeSeen } from './store-probe/probe-node.ts';

const program = fileURLToPath(new URL('store-probe/main.ts', import.meta.url));

/** What a fresh process finds in a core's folder. It recovers what it opens: give it a copy. */
export const lookIntoCore = (folder: string): Promise<CoreSeen> =>
  look<CoreSeen>('core', folder, {
    releases: [],
    rows: 0,
    objects: [],
    trust: 0,
    audit: 0,
    actions: [],
    jobs: [],
    nodeAudit: [],
    mixed: [],
  });

/** What a fresh process finds in a node's folder. */
export const lookIntoNode = (folder: string): Promise<NodeSeen> =>
  look<NodeSeen>('node', folder, { fleet: null, releases: [], trust: 0, audit: [], mixed: [] });

function look<T>(kind: string, folder: string, empty: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--no-warnings', program, kind, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString();
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve({ ...empty, ...JSON.parse(text) } as T) : reject(new Error(`the probe ended with ${code}`)),
    );
  });
}
