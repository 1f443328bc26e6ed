/** A path named in a document exists: a map that lies is worse than none. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { report } from './report.ts';
import { repositoryFiles } from './source-files.ts';

const topFolders = /^(shared|agent|main|preload|renderer|catalog|e2e|build|docs|tsconfig|\.ci)\//;
/** Made by a run, so absent from a fresh clone. */
const made = /^(dist|out)\//;

const problems = repositoryFiles()
  .filter((path) => path.endsWith('.md'))
  .flatMap((page) => {
    const text = readFileSync(page, 'utf8');
    const quoted = [...text.matchAll(/`([\w./-]+)`/g)].map((match) => match[1] ?? '');
    const linked = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? '');
    return [
      ...quoted.filter((path) => topFolders.test(path) && !made.test(path) && !existsSync(path)),
      ...linked.filter((path) => !existsSync(join(dirname(page), path))),
    ].map((path) => `${page} names ${path}, which does not exist`);
  });
report([...new Set(problems)], 'Name what is there, or remove the line.');
