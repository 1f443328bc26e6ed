import { expect, it } from 'vitest';
import { standingFindings } from './use-judged-compose.ts';

const finding = (rule: string | null, message: string) => ({
  line: 1,
  column: 1,
  severity: 'guardrail' as const,
  rule,
  message,
  next: '',
  exception: null,
});

it('P7: only secrets that the page asks for are no longer found in plain text', () => {
  const findings = [
    finding('plain-secret', 'secrets.api_key: would lie in plain text'),
    finding('plain-secret', 'secrets.api_key_2: would lie in plain text'),
    finding('privileged', 'secrets.api_key: something else'),
  ];
  const standing = standingFindings({ services: [], findings }, [{ name: 'api_key' }]);
  expect(standing.findings).toEqual(findings.slice(1));
});
