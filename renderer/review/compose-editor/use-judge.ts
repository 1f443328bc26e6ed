import { useEffect, useRef, useState } from 'react';
import { useBridge } from '#renderer/bridge/index.ts';
import type { CallInput } from '#shared/contracts/ipc/index.ts';
import type { ComposeFinding } from './finding.ts';

/** As long as a person pauses between two words. */
const PAUSE_MS = 300;

export interface Judged {
  readonly findings: readonly ComposeFinding[];
  /** The text that the findings are of; places in another text would be wrong. */
  readonly of: string;
}

/**
 * What the guardrails say of a Compose file as it is typed; null until the first answer. `about`: the app it is of, or
 * what an app to be made will have. `standing`: what else the judgement hangs on, for instance the app's exceptions.
 */
export function useJudge(
  text: string,
  about: Omit<CallInput<'judgeCompose'>, 'compose'>,
  standing: string,
): Judged | null {
  const bridge = useBridge();
  const [judged, setJudged] = useState<Judged | null>(null);
  const turn = useRef(0);
  const { appId, secrets = [] } = about;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a list is another one only where its members are
  useEffect(() => {
    const own = ++turn.current;
    const input = { compose: text, secrets, ...(appId === undefined ? {} : { appId }) };
    const timer = setTimeout(
      () =>
        void bridge.call('judgeCompose', input).then((answer) => {
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
  }, [bridge, appId, text, secrets.join('\n'), standing]);
  return judged;
}

/** The file is judged at once when it is opened. */
function judgedOnce(turn: number): boolean {
  return turn === 1;
}
