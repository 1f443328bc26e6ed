import { Fragment, memo } from 'react';
import { words } from '#renderer/words/index.ts';
import { absoluteTime, clockTime } from '#renderer/words/values.ts';
import classes from './LogView.module.css';
import type { LogLine } from './line-buffer.ts';
import { splitMatches } from './line-search.ts';

export interface LogLineRowProps {
  readonly line: LogLine;
  /** The piece of the text that this row shows; null: all of it. */
  readonly piece: { readonly from: number; readonly to: number } | null;
  /** The first row of a line carries its time and service. */
  readonly isFirst: boolean;
  readonly wanted: string;
  readonly isCurrent: boolean;
  readonly showTime: boolean;
  readonly showService: boolean;
}

/** One row of a log: text and nothing else, whatever the line holds. */
export const LogLineRow = memo(function LogLineRow(props: LogLineRowProps) {
  const { line, piece, isFirst, wanted, isCurrent, showTime, showService } = props;
  const { from, to } = piece ?? { from: 0, to: line.text.length };
  return (
    <div className={classes.row} data-stream={line.stream} data-current={isCurrent || undefined}>
      {showTime && (
        <time className={classes.time} dateTime={line.at} title={isFirst ? timeTitle(line.at) : undefined}>
          {isFirst ? timeText(line.at) : ''}
        </time>
      )}
      {showService && (
        <span className={classes.service} title={line.service}>
          {isFirst ? line.service : ''}
        </span>
      )}
      <span className={classes.sign} title={isFirst && line.stream === 'stderr' ? words.apps.logs.stderr : undefined}>
        {isFirst && line.stream === 'stderr' ? '!' : ''}
      </span>
      <span className={classes.text}>
        {wanted === '' ? line.text.slice(from, to) : <Marked text={line.text} wanted={wanted} from={from} to={to} />}
      </span>
    </div>
  );
});

function Marked({ text, wanted, from, to }: { text: string; wanted: string; from: number; to: number }) {
  return splitMatches(text, wanted).map((part) => {
    const shown = text.slice(Math.max(part.at, from), Math.min(part.at + part.text.length, to));
    if (shown === '') return null;
    return part.isMatch ? <mark key={part.at}>{shown}</mark> : <Fragment key={part.at}>{shown}</Fragment>;
  });
}

/** What a node sends as a time is text of its own: one that is none is shown as it is. */
function timeText(at: string): string {
  return Number.isNaN(Date.parse(at)) ? at.slice(0, 8) : clockTime(at);
}

function timeTitle(at: string): string {
  return Number.isNaN(Date.parse(at)) ? at : absoluteTime(at);
}
