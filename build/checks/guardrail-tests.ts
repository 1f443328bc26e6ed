/** Every guardrail has a test whose title begins with its id: a wall that nobody pushes against is a drawing of one. */
import { untestedRules } from '../docs/guardrails.ts';
import { testTitles } from '../docs/test-titles.ts';
import { report } from './report.ts';
import { repositoryFiles } from './source-files.ts';

const titles = repositoryFiles()
  .filter((file) => file.endsWith('.test.ts'))
  .flatMap(testTitles);
report(
  untestedRules(titles).map((rule) => `no test has a title that begins with "${rule}: "`),
  'Add it to shared/domain/policies/rules.test.ts: what is refused, and which exception opens exactly what.',
);
