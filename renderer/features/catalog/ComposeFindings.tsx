import { Anchor, Text } from '@mantine/core';
import { StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import classes from './catalog.module.css';
import type { Judgement } from './use-judged-compose.ts';

const text = words.catalog.compose;

/** What is wrong with a Compose file, each with its place and what to do. */
export function ComposeFindings({
  compose,
  judgement,
  showAll,
  onGoTo,
}: {
  compose: string;
  judgement: Judgement | null;
  showAll: boolean;
  onGoTo: (line: number, column: number | null) => void;
}) {
  if (compose.trim() === '')
    return showAll ? (
      <Text size="sm" c="var(--ov-bad)" mt="xs" role="alert">
        {text.empty}
      </Text>
    ) : null;
  const findings = judgement?.findings ?? [];
  return (
    <div style={{ marginTop: 8 }}>
      <div role="status" style={{ marginBottom: 8 }}>
        {judgement === null ? (
          <StatusBadge tone="busy" word={text.judging} plain />
        ) : findings.length === 0 ? (
          <StatusBadge tone="good" word={text.good} plain />
        ) : (
          <StatusBadge tone="warn" word={text.findings(findings.length)} plain />
        )}
      </div>
      <ul className={classes.findings}>
        {findings.map(({ line, column, severity, rule, message, next, exception }) => (
          <li key={`${line} ${column} ${message}`} className={classes.finding} data-severity={severity}>
            <strong>{text.severity[severity]}</strong>
            {line !== null && (
              <>
                {', '}
                <Anchor component="button" type="button" size="sm" onClick={() => onGoTo(line, column)}>
                  {text.at(line, column)}
                </Anchor>
              </>
            )}
            {rule !== null && (
              <Text size="xs" c="dimmed" span ml={8}>
                {rule}
              </Text>
            )}
            <div>
              {message} {next}
            </div>
            {exception !== null && (
              <Text size="sm" c="dimmed">
                {text.exception}
              </Text>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
