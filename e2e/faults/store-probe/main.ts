/**
 * Opens a store in a process of its own, as a restart would, and tells as JSON what is in it and what does not fit
 * together: `main.ts core FOLDER`, `main.ts node FOLDER`. Knows the tables, not the program that wrote them.
 */
import { probeCore } from './probe-core.ts';
import { probeNode } from './probe-node.ts';

const [, , kind, folder = ''] = process.argv;
try {
  console.log(JSON.stringify(kind === 'core' ? probeCore(folder) : probeNode(folder)));
} catch (cause) {
  // A store that does not open is an answer, not a failure of the probe.
  console.log(JSON.stringify({ mixed: [`it does not open: ${String(cause)}`] }));
}
