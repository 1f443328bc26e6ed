import { expect, it } from 'vitest';
import type { ComposeFinding } from '../compose-editor/finding.ts';
import { standingFindings } from './standing-findings.ts';

const finding = (line: number, exception: ComposeFinding['exception']): ComposeFinding => ({
  line,
  column: 1,
  severity: 'guardrail',
  rule: exception?.rule ?? 'privileged',
  message: '',
  next: '',
  exception,
});
const port = { rule: 'publish-port', service: 'web', value: '8080:80/tcp' } as const;
const reason = 'a TV knows no names';

it('what was allowed stands no more, anything else does: another value, another service, what nobody may allow', () => {
  const others = [
    finding(2, { ...port, value: '9090:80/tcp' }),
    finding(3, { ...port, service: 'db' }),
    finding(4, null),
  ];
  const { standing, needed } = standingFindings([finding(1, port), ...others], [{ ...port, reason }]);
  expect(standing).toEqual(others);
  expect(needed).toEqual([{ ...port, reason }]);
});

it('an exception whose line was mended is not asked for', () => {
  expect(standingFindings([finding(4, null)], [{ ...port, reason }]).needed).toEqual([]);
});
