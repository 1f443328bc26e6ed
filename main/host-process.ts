import { openHost } from './host/open-host.ts';
import { runHost } from './host/run-host.ts';

/** Entry of the replica host's own process (Electron's utility process). */
runHost(process.parentPort, openHost, () => process.exit(0));
