import type { ObservedApp } from '#shared/contracts/link/observed.ts';
import type { ApplyOutcome, ApplyRequest } from '../apply/request.ts';
import type { Applier } from '../reconcile/applier-port.ts';

/** What it answers unless a test says otherwise. */
export const good: ApplyOutcome = { outcome: 'succeeded', digests: { web: 'sha256:1' }, awayMs: null, fault: null };

/** An applier that does what a test says and remembers what it was asked; the port's other half is tested on a real engine. */
export function createScriptedApplier() {
  const calls: ApplyRequest[] = [];
  const repairs: string[] = [];
  let repaired = (): void => {};
  const firstRepair = new Promise<void>((resolve) => {
    repaired = resolve;
  });
  let answer: Applier['apply'] = async () => good;
  const applier: Applier = {
    async apply(request, onStep) {
      calls.push(request);
      return answer(request, onStep);
    },
    async repair(request) {
      repairs.push(request.header);
      repaired();
      return false;
    },
    async observe(id, body): Promise<ObservedApp> {
      const kind = body?.kind ?? 'app';
      const nothing = { services: [], routes: [], records: [], volumes: [], exceptions: [], opening: null };
      return { appId: id, kind, accepted: null, running: null, status: 'running', ...nothing };
    },
    async restoreSecrets() {},
    async *logs() {},
    async volumes() {
      return [];
    },
  };
  const answerWith = (next: typeof answer): void => {
    answer = next;
  };
  return { applier, calls, repairs, firstRepair, answer: answerWith };
}
