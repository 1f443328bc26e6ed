import { Skeleton, Text } from '@mantine/core';
import { Suspense, useMemo } from 'react';
import { ComposeEditing, type EditorContent, useJudge } from '#renderer/review/compose-editor/index.ts';
import { words } from '#renderer/words/index.ts';
import { readEnv, readExceptions } from '../detail/app-fields.ts';
import type { OpenApp } from '../detail/open-app.ts';
import { useText } from './use-text.ts';

/** The Compose file of an app: typed, judged as it is typed, and mended in place. */
export function ComposeTab({ app }: { app: OpenApp }) {
  const { document } = app;
  const text = document.text('compose');
  const { undoManager } = document;
  const content = useMemo(
    () => (text === undefined || undoManager === undefined ? null : { kind: 'document' as const, text, undoManager }),
    [text, undoManager],
  );
  if (!document.ready) return <Skeleton height={400} aria-label={words.apps.opening} />;
  if (content === null) return <Text size="sm">{words.apps.compose.none}</Text>;
  return <OpenCompose app={app} content={content} />;
}

type SharedContent = Extract<EditorContent, { kind: 'document' }>;

function OpenCompose({ app, content }: { app: OpenApp; content: SharedContent }) {
  const { appId, detail, document } = app;
  const text = useText(content.text);
  const exceptions = useMemo(() => readExceptions(document.items('exceptions')), [document]);
  const judged = useJudge(
    text,
    { appId },
    exceptions.map((one) => `${one.rule} ${one.service} ${one.value}`).join('\n'),
  );
  const names = useMemo(
    () => ({
      secrets: detail.secrets.map((secret) => secret.name),
      variables: readEnv(document.items('env')).map((variable) => variable.key),
    }),
    [detail.secrets, document],
  );
  return (
    <Suspense fallback={<Skeleton height={400} aria-label={words.apps.opening} />}>
      <ComposeEditing
        content={content}
        names={names}
        judged={judged}
        height="screen"
        onAllow={(exception) => document.addItem('exceptions', { ...exception })}
      />
    </Suspense>
  );
}
