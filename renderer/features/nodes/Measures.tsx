import { Progress, Text } from '@mantine/core';
import { words } from '#renderer/words/index.ts';
import { bytes } from '#renderer/words/values.ts';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import classes from './Measures.module.css';
import { type Measure, measuresOf } from './node-measures.ts';

const text = words.nodes;

const colors = { fine: 'indigo', high: 'yellow', full: 'red' } as const;

/** CPU, memory and disk as bars with their text. `dense` is for rows of a list. */
export function Measures({ facts, dense = false }: { facts: NodeRow['facts']; dense?: boolean }) {
  if (facts === null)
    return (
      <Text size="sm" c="dimmed">
        {text.noFacts}
      </Text>
    );
  return (
    <div className={dense ? classes.dense : classes.wide}>
      {measuresOf(facts).map((measure) => (
        <Bar key={measure.kind} measure={measure} dense={dense} />
      ))}
    </div>
  );
}

function Bar({ measure, dense }: { measure: Measure; dense: boolean }) {
  const { kind, share, level, bytes: size, cpuCount } = measure;
  const percent = Math.round(share * 100);
  const label = text.measures[kind];
  const value = text.measureText(percent, text.levels[kind][level]);
  const total = size ? text.ofTotal(bytes(size.used), bytes(size.total)) : text.processors(cpuCount ?? 1);
  return (
    <div className={classes.measure} title={`${label}: ${value}, ${total}`}>
      <div className={classes.words}>
        <span className={classes.label}>{label}</span>
        <span data-level={level} className={classes.value}>
          {dense ? `${percent}%` : value}
        </span>
      </div>
      <Progress.Root size={dense ? 4 : 8} radius="xl">
        <Progress.Section
          value={percent}
          color={colors[level]}
          aria-label={label}
          aria-valuetext={`${value}, ${total}`}
        />
      </Progress.Root>
      {!dense && (
        <Text size="xs" c="dimmed">
          {total}
        </Text>
      )}
    </div>
  );
}
