import { Anchor, Button, Group, Skeleton, Switch, Text } from '@mantine/core';
import { IconCircleCheckFilled } from '@tabler/icons-react';
import { useId, useMemo, useRef, useState } from 'react';
import { Section, StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { readEnv, readExceptions } from '../detail/app-fields.ts';
import type { OpenApp } from '../detail/open-app.ts';
import { AllowDialog } from './AllowDialog.tsx';
import ComposeEditor, { type ComposeEditorHandle } from './ComposeEditor.tsx';
import classes from './ComposeTab.module.css';
import type { ComposeFinding } from './finding.ts';
import { useJudge } from './use-judge.ts';
import { type SharedText, useText } from './use-text.ts';

/** The Compose file of an app: typed, judged as it is typed, and mended in place. */
export default function ComposeTab({ app }: { app: OpenApp }) {
  const text = app.document.text('compose');
  if (!app.document.ready) return <Skeleton height={400} aria-label={words.apps.opening} />;
  if (text === undefined || app.document.undoManager === undefined)
    return <Text size="sm">{words.apps.compose.none}</Text>;
  return <OpenCompose app={app} text={text} undoManager={app.document.undoManager} />;
}

interface OpenComposeProps {
  readonly app: OpenApp;
  readonly text: SharedText;
  readonly undoManager: NonNullable<OpenApp['document']['undoManager']>;
}

function OpenCompose({ app, text, undoManager }: OpenComposeProps) {
  const { appId, detail, document } = app;
  const content = useText(text);
  const exceptions = useMemo(() => readExceptions(document.items('exceptions')), [document]);
  const judged = useJudge(
    appId,
    content,
    exceptions.map((one) => `${one.rule} ${one.service} ${one.value}`).join('\n'),
  );
  const names = useMemo(
    () => ({
      secrets: detail.secrets.map((secret) => secret.name),
      variables: readEnv(document.items('env')).map((variable) => variable.key),
    }),
    [detail.secrets, document],
  );
  const [wrap, setWrap] = useState(true);
  const [allowing, setAllowing] = useState<ComposeFinding | null>(null);
  const editor = useRef<ComposeEditorHandle>(null);
  const hintId = useId();
  return (
    <>
      <div className={classes.bar}>
        <Summary count={judged?.findings.length ?? null} />
        <Text size="sm" c="dimmed" id={hintId} className={classes.hint}>
          {words.apps.compose.leaveHint}
        </Text>
        <Switch
          label={words.apps.compose.wrap}
          checked={wrap}
          onChange={(event) => setWrap(event.currentTarget.checked)}
        />
      </div>
      <ComposeEditor
        ref={editor}
        text={text}
        undoManager={undoManager}
        names={names}
        wrap={wrap}
        judged={judged}
        describedBy={hintId}
        onAllow={setAllowing}
      />
      {judged !== null && judged.findings.length > 0 && (
        <Section title={words.apps.compose.findings(judged.findings.length)} bare>
          <ol className={classes.findings}>
            {judged.findings.map((finding) => (
              <FindingItem
                key={`${finding.line} ${finding.column} ${finding.rule} ${finding.message}`}
                finding={finding}
                onGo={() => editor.current?.goTo(finding)}
                onAllow={() => setAllowing(finding)}
              />
            ))}
          </ol>
        </Section>
      )}
      {allowing !== null && <AllowDialog finding={allowing} document={document} onClose={() => setAllowing(null)} />}
    </>
  );
}

function Summary({ count }: { count: number | null }) {
  return (
    <div role="status" className={classes.summary}>
      {count === null ? (
        <Text size="sm" c="dimmed">
          {words.apps.compose.checking}
        </Text>
      ) : count === 0 ? (
        <StatusBadge tone="good" icon={IconCircleCheckFilled} word={words.apps.compose.fine} plain />
      ) : (
        <StatusBadge tone="bad" word={words.apps.compose.findings(count)} plain />
      )}
    </div>
  );
}

function FindingItem({ finding, onGo, onAllow }: { finding: ComposeFinding; onGo: () => void; onAllow: () => void }) {
  return (
    <li className={classes.finding}>
      <Group gap="xs" align="baseline">
        {finding.line !== null && (
          <Anchor component="button" type="button" size="sm" onClick={onGo}>
            {words.apps.compose.place(finding.line, finding.column)}
          </Anchor>
        )}
        <Text size="sm" fw={600} className={classes.said}>
          {finding.message}
        </Text>
      </Group>
      <Text size="sm" className={classes.said}>
        {finding.next}
      </Text>
      <Group gap="xs">
        {finding.rule !== null && (
          <Text size="xs" c="dimmed">
            {words.apps.compose.rule(finding.rule)}
          </Text>
        )}
        {finding.exception !== null && (
          <Button size="compact-xs" variant="default" onClick={onAllow}>
            {words.apps.compose.allow}
          </Button>
        )}
      </Group>
    </li>
  );
}
