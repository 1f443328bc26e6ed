import {
  type Icon,
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleXFilled,
  IconPlayerPauseFilled,
  IconProgress,
} from '@tabler/icons-react';
import classes from './StatusBadge.module.css';

/** `good` it works · `busy` it is at work · `warn` look at it · `bad` it failed · `quiet` it rests · `unknown` nobody knows. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet' | 'unknown';

const icons: Record<Tone, Icon> = {
  good: IconCircleCheckFilled,
  busy: IconProgress,
  warn: IconAlertTriangleFilled,
  bad: IconCircleXFilled,
  quiet: IconPlayerPauseFilled,
  unknown: IconCircleDashed,
};

export interface StatusBadgeProps {
  tone: Tone;
  /** What the colour means, in a word or two. */
  word: string;
  /** More, on hover. */
  title?: string | undefined;
  /** Instead of the tone's own. */
  icon?: Icon;
  /** Without the coloured ground: for dense lists. */
  plain?: boolean;
}

/** A state as icon, word and colour together: none of them is the only sign. */
export function StatusBadge({ tone, word, title, icon, plain = false }: StatusBadgeProps) {
  const Shown = icon ?? icons[tone];
  return (
    <span className={classes.badge} data-tone={tone} data-plain={plain || undefined} title={title}>
      <Shown size={14} aria-hidden className={classes.icon} />
      <span className={classes.word}>{word}</span>
    </span>
  );
}
