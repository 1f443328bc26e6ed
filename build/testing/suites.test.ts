import { expect, test } from 'vitest';
import { suiteFiles, suites } from './suites.ts';

const unit = suites.find(({ name }) => name === 'unit');

test('unit takes every test file that no other suite has, also as a copy with another budget', () => {
  if (unit === undefined) throw new Error('there is no suite named unit');
  const files = suiteFiles(unit, []);
  expect(files).toContain('build/testing/suites.test.ts');
  expect(files.filter((file) => file.startsWith('e2e/journeys/') || file.endsWith('generated.test.ts'))).toEqual([]);
  expect(suiteFiles({ ...unit, budgetMinutes: 1 }, [])).toEqual(files);
  expect(suiteFiles({ ...unit }, ['build/testing/suites'])).toEqual(['build/testing/suites.test.ts']);
});
