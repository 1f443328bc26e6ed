import { Anchor, Button, Group, Text } from '@mantine/core';
import { CopyField, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import classes from './compose-editing.module.css';
import type { ComposeFinding } from './finding.ts';

/** What has to be mended in a Compose file, each with its place and what to do. Nothing where there is nothing. */
export function FindingList({
  findings,
  onGo,
  onAllow,
}: {
  findings: readonly ComposeFinding[];
  onGo: (finding: ComposeFinding) => void;
  onAllow: (finding: ComposeFinding) => void;
}) {
  if (findings.length === 0) return null;
  return (
    <Section title={words.compose.findings(findings.length)} bare>
      <ol className={classes.findings}>
        {findings.map((finding) => (
          <FindingItem
            key={`${finding.line} ${finding.column} ${finding.rule} ${finding.message}`}
            finding={finding}
            onGo={() => onGo(finding)}
            onAllow={() => onAllow(finding)}
          />
        ))}
      </ol>
    </Section>
  );
}

function FindingItem({ finding, onGo, onAllow }: { finding: ComposeFinding; onGo: () => void; onAllow: () => void }) {
  return (
    <li className={classes.finding}>
      <Group gap="xs" align="baseline">
        {finding.line !== null && (
          <Anchor component="button" type="button" size="sm" onClick={onGo}>
            {words.compose.place(finding.line, finding.column)}
          </Anchor>
        )}
        <Text size="sm" fw={600} className={classes.said}>
          {finding.message}
        </Text>
      </Group>
      <Text size="sm" className={classes.said}>
        {finding.next}
      </Text>
      {finding.command !== undefined && <CopyField label={words.compose.openFirst} value={finding.command} wrap />}
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          {finding.rule === null ? words.compose.error : words.compose.rule(finding.rule)}
        </Text>
        {finding.exception !== null && (
          <Button size="compact-xs" variant="default" onClick={onAllow}>
            {words.compose.allow}
          </Button>
        )}
      </Group>
    </li>
  );
}
