/**
 * The lock file knows every package for every platform, and no address. npm writes only the optional packages of the
 * machine at hand when `node_modules` lies beside it, and a newer npm then refuses the whole file at `npm ci`.
 */
import { readFileSync } from 'node:fs';
import { report } from './report.ts';

interface Locked {
  version?: string;
  resolved?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };

report(
  Object.entries(packages).flatMap(([path, entry]) => [
    ...Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter((name) => !isLocked(path, name))
      .map((name) => `${path || 'the project'} needs ${name}, which the lock file does not have`),
    ...(entry.resolved ? [`${path} records the address it was fetched from`] : []),
  ]),
  'Run `rm -rf node_modules && npm install --package-lock-only` with the npm settings of .npmrc, then start again.',
);

/** Whether `name`, wanted by the package in `path`, stands in the lock: beside it or in any folder above, as Node looks. */
function isLocked(path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}
