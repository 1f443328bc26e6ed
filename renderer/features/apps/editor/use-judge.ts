import { useEffect, useRef, useState } from 'react';
import { useBridge } from '#renderer/bridge/index.ts';
import type { ComposeFinding } from './finding.ts';

/** As long as a person pauses between two words. */
const PAUSE_MS = 300;

export interface Judged {
  readonly findings: readonly ComposeFinding[];
  /** The text that the findings are of; places in another text would be wrong. */
  readonly of: string;
}

/** What the guardrails say of a Compose file as it is typed; null until the first answer. */
export function useJudge(appId: string, text: string, exceptionsKey: string): Judged | null {
  const bridge = useBridge();
  const [judged, setJudged] = useState<Judged | null>(null);
  const turn = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list of exceptions is another judgement
  useEffect(() => {
    const own = ++turn.current;
    const timer = setTimeout(
      () =>
        void bridge.call('judgeCompose', { appId, compose: text }).then((answer) => {
          if (own !== turn.current) return;
          // A file that is too long is refused as an input, with the reason in the fault.
          const findings: readonly ComposeFinding[] = answer.ok
            ? answer.value.findings
            : [
                {
                  line: null,
                  column: null,
                  severity: 'error',
                  rule: null,
                  message: answer.error.message,
                  next: answer.error.next,
                  exception: null,
                },
              ];
          setJudged({ findings, of: text });
        }),
      judgedOnce(turn.current) ? 0 : PAUSE_MS,
    );
    return () => clearTimeout(timer);
  }, [bridge, appId, text, exceptionsKey]);
  return judged;
}

/** The file is judged at once when it is opened. */
function judgedOnce(turn: number): boolean {
  return turn === 1;
}
