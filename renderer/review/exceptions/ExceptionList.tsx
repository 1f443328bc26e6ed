import { ActionIcon, Code, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { words } from '#renderer/words/index.ts';
import { findRule } from '#shared/domain/policies/rules.ts';
import type { Allowed } from './AllowDialog.tsx';
import classes from './exceptions.module.css';

/** Exceptions in full view: what each allows, why, and which guardrail it sets aside. */
export function ExceptionList<Exception extends Allowed>({
  exceptions,
  onRemove,
}: {
  exceptions: readonly Exception[];
  /** Left out where they are only shown. */
  onRemove?: (exception: Exception) => void;
}) {
  return (
    <ul className={classes.exceptions}>
      {exceptions.map((exception) => (
        <li key={`${exception.rule} ${exception.service} ${exception.value}`} className={classes.exception}>
          <div className={classes.what}>
            <Text size="sm" fw={600}>
              {findRule(exception.rule)?.title ?? exception.rule} <Code>{exception.value}</Code>
            </Text>
            <Text size="sm">{words.compose.exceptions.of(exception.service, exception.reason)}</Text>
            <Text size="sm" c="dimmed">
              {ruleReason(exception.rule)}
            </Text>
          </div>
          {onRemove && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={words.compose.exceptions.remove(exception.rule, exception.value)}
              onClick={() => onRemove(exception)}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          )}
        </li>
      ))}
    </ul>
  );
}

function ruleReason(id: string): string {
  const rule = findRule(id);
  return rule === undefined ? '' : words.compose.exceptions.because(id, rule.reason);
}
