import { useEffect, useState } from 'react';
import { useBridge } from '#renderer/bridge/index.ts';
import type { CallOutput } from '#shared/contracts/ipc/index.ts';

/** Typing is waited for this long before the text is judged. */
const PAUSE_MS = 250;

export type Judgement = CallOutput<'judgeCompose'>;

/** Findings that stand once the app is made: secrets that this page asks for are sealed then, not plain. */
export function standingFindings(judgement: Judgement, secrets: readonly { readonly name: string }[]): Judgement {
  const isAsked = (message: string) => secrets.some(({ name }) => message.startsWith(`secrets.${name}:`));
  return {
    ...judgement,
    findings: judgement.findings.filter(({ rule, message }) => rule !== 'plain-secret' || !isAsked(message)),
  };
}

/** The device's judgement of a Compose file as it is typed; null while it is not known for this text. */
export function useJudgedCompose(compose: string): Judgement | null {
  const bridge = useBridge();
  const [judged, setJudged] = useState<{ compose: string; judgement: Judgement } | null>(null);
  useEffect(() => {
    if (compose.trim() === '') return;
    let over = false;
    const timer = setTimeout(async () => {
      const result = await bridge.call('judgeCompose', { compose });
      if (!over && result.ok) setJudged({ compose, judgement: result.value });
    }, PAUSE_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [bridge, compose]);
  return judged?.compose === compose ? judged.judgement : null;
}
