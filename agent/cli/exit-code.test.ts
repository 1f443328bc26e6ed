import { expect, test } from 'vitest';
import { type FaultKind, fault } from '#shared/kernel/index.ts';
import { faultToExitCode } from './exit-code.ts';

test.each<[string, FaultKind, number]>([
  ['app.unhealthy', 'permanent', 1],
  ['cli.usage', 'permanent', 2],
  ['cli.bad-option', 'permanent', 2],
  ['cli.missing-option', 'permanent', 2],
  ['catalog.bad-input', 'permanent', 2],
  ['compose.invalid', 'permanent', 2],
  ['gate.unknown-key', 'denied', 3],
  ['dns.foreign-record', 'conflict', 3],
  ['ingress.port-taken', 'conflict', 1],
  ['core.unreachable', 'transient', 4],
  ['cli.awaiting-signature', 'transient', 75],
  ['cli.interrupted', 'transient', 130],
])('%s (%s) ends with %i', (code, kind, exitCode) => {
  expect(faultToExitCode(fault(code, kind, 'm', 'n'))).toBe(exitCode);
});
