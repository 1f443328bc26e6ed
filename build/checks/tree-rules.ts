/** Rules on the tree itself that no linter knows: no drawers, no unfinished work called done, no traces of a machine. */
import { readFileSync } from 'node:fs';
import { VERSION } from '#shared/contracts/versions.ts';
import { report } from './report.ts';
import { repositoryFiles } from './source-files.ts';

const drawer = /(^|\/)(utils?|helpers?|common|misc)(\/|\.[a-z]+$)/;
const sourceFile = /\.(ts|tsx|mjs|js|sh|go)$/;
const textFile = /\.(ts|tsx|mjs|js|sh|go|md|json|ya?ml|html|css|service)$|(^|\/)(run|\.npmrc|\.gitignore)$/;
/** Most files stay under 300; a table of one kind of thing may be longer. */
const maxLines = { source: 500, test: 600 };

/** Patterns are split so that this file does not find itself. */
const forbiddenInSource: [RegExp, string][] = [
  [new RegExp(`\\b(TO${'DO'}|FIX${'ME'}|XX${'X'})\\b`), 'unfinished work: do it now or open an issue'],
  [new RegExp(`\\b(it|test|describe)\\.(only|skip|to${'do'})\\b`), 'a test that hides others or does not exist'],
  [new RegExp(`@ts-(ignore|no${'check'})`), 'types switched off: mend the type'],
];
const forbiddenAnywhere: [RegExp, string][] = [
  [new RegExp(`/${'root'}/\\.cache|/${'work'}/(main|shared)|/tmp/${'brief'}`), 'a path of one machine'],
  [new RegExp(`"reso${'lved'}": "http`), 'a download address in the lock file'],
];

const problems: string[] = [];
for (const path of repositoryFiles()) {
  if (drawer.test(path)) problems.push(`${path}: a drawer; name the folder or file after the idea in it`);
  if (!textFile.test(path)) continue;
  const lines = readFileSync(path, 'utf8').split('\n');
  const most = /\.test\.tsx?$/.test(path) ? maxLines.test : maxLines.source;
  if (sourceFile.test(path) && lines.length > most) {
    problems.push(`${path}: ${lines.length} lines; more than ${most} is more than one idea, split it`);
  }
  const rules = sourceFile.test(path) ? [...forbiddenInSource, ...forbiddenAnywhere] : forbiddenAnywhere;
  lines.forEach((line, index) => {
    for (const [pattern, reason] of rules) {
      if (pattern.test(line)) problems.push(`${path}:${index + 1} ${reason}`);
    }
  });
}
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
if (VERSION !== version) problems.push(`shared/contracts/versions.ts says ${VERSION}, package.json ${version}`);
report(problems, 'The rules are in build/checks/tree-rules.ts.');
