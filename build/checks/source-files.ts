import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Every file of the repository that is, or is about to be, committed; paths with `/`, sorted. */
export function repositoryFiles(): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(path)).sort();
}
