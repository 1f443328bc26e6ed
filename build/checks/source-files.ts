import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const notSource = ['.git', 'node_modules', 'dist', 'out', 'coverage', 'test-results'];

/**
 * Every file of the repository that is, or is about to be, committed; paths with `/`, sorted. Where there is no git,
 * as on a bare machine, every file that is not made or installed.
 */
export function repositoryFiles(): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const git = spawnSync('git', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const listed = git.status === 0 ? git.stdout.split('\0') : walk();
  return [...new Set(listed)].filter((path) => path !== '' && existsSync(path)).sort();
}

function walk(): string[] {
  return readdirSync('.', { withFileTypes: true })
    .filter((entry) => !notSource.includes(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(entry.name) : [entry.name]));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`);
}
