import { absoluteTime, relativeTime } from '#renderer/words/values.ts';
import { useNowMs } from './ticking-clock.ts';

/** When something was, seen from now; the exact time on hover. `none` stands where there is no time. */
export function RelativeTime({ at, none = '–' }: { at: string | null | undefined; none?: string }) {
  const nowMs = useNowMs();
  if (!at) return <span>{none}</span>;
  return (
    <time dateTime={at} title={absoluteTime(at)} style={{ whiteSpace: 'nowrap' }}>
      {relativeTime(Date.parse(at), nowMs)}
    </time>
  );
}
