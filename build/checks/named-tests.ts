/**
 * A rule or a claim without a test is a wish. Every rule of a page of rules (`- **ABC-1** …`) stands in the title of a
 * test, every rule that a title names stands in such a page, once, and every test that the threat model names is there.
 */
import { existsSync, readFileSync } from 'node:fs';
import { testTitles } from '../docs/test-titles.ts';
import { claimProblems, ruleProblems } from './named-tests-problems.ts';
import { report } from './report.ts';
import { repositoryFiles } from './source-files.ts';

const files = repositoryFiles();
const titles = files.filter((file) => /\.test\.tsx?$/.test(file)).flatMap(testTitles);
const pages = files
  .filter((file) => /^docs\/[^/]+\.md$|^shared\/.*SPEC\.md$|^e2e\/.*SPEC\.md$/.test(file))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const model = pages.find(({ path }) => path === 'docs/threat-model.md');

report(
  [...ruleProblems(pages, titles), ...(model ? claimProblems(model.text, titles, existsSync) : [])],
  'Write the test, mend its title, or take the line away.',
);
