import type { AttackRow } from '../row.ts';
import type { InstallStage } from '../world/install-world.ts';

/** A8-36: npm is what refuses here; what is ours are the lock file and the settings it refuses by. */
export const swappedDependency: AttackRow<InstallStage> = {
  id: 36,
  attacks: [
    {
      name: 'the registry gives another tarball under the same version',
      checks: [],
      async run(stage) {
        const { main, said, tookMs } = await stage.install({ serves: 'swapped', locks: 'integrity', settings: 'ours' });
        const took = main === 'swapped';
        if (!took && !said.includes('EINTEGRITY')) throw new Error(`neither installed nor refused: ${said}`);
        return { took, saw: took ? 'the other code lies there' : 'EINTEGRITY', refusalMs: [tookMs] };
      },
    },
    {
      name: 'a script of the package that is to run at its install',
      checks: [],
      async run(stage) {
        const { code, scriptRan } = await stage.install({ serves: 'right', locks: 'integrity', settings: 'ours' });
        return { took: scriptRan, saw: `npm ci ended with ${code}; the script ran: ${scriptRan}` };
      },
    },
  ],
  honest: [
    {
      name: 'the tarball that the lock file names',
      async run(stage) {
        const { code, main } = await stage.install({ serves: 'right', locks: 'integrity', settings: 'ours' });
        return { took: code === 0 && main === 'right', saw: `npm ci ended with ${code}; it says ${main}` };
      },
    },
  ],
  controls: [
    {
      name: 'a lock file without hashes lets the other tarball in',
      async run(stage) {
        const { main } = await stage.install({ serves: 'swapped', locks: 'nothing', settings: 'ours' });
        return { took: main === 'swapped', saw: `it says ${main}` };
      },
    },
    {
      name: 'without our settings the script runs',
      async run(stage) {
        const { scriptRan } = await stage.install({ serves: 'right', locks: 'integrity', settings: 'none' });
        return { took: scriptRan, saw: `the script ran: ${scriptRan}` };
      },
    },
  ],
};
