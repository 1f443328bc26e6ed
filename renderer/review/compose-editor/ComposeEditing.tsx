import { Switch, Text } from '@mantine/core';
import { IconCircleCheckFilled } from '@tabler/icons-react';
import { type Ref, useId, useImperativeHandle, useRef, useState } from 'react';
import { StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { AllowDialog, type Allowed } from '../exceptions/index.ts';
import ComposeEditor, { type ComposeEditorHandle } from './ComposeEditor.tsx';
import type { AppNames } from './complete-compose.ts';
import classes from './compose-editing.module.css';
import type { EditorContent } from './content.ts';
import { FindingList } from './FindingList.tsx';
import type { ComposeFinding } from './finding.ts';
import type { Judged } from './use-judge.ts';

export interface ComposeEditingProps {
  readonly ref?: Ref<ComposeEditorHandle>;
  readonly content: EditorContent;
  readonly names: AppNames;
  /** Null while nothing is known; `silent` where there is nothing to judge yet. */
  readonly judged: Judged | null | 'silent';
  /** As tall as the screen leaves room for, or as the text is. */
  readonly height: 'screen' | 'text';
  readonly onAllow: (exception: Allowed) => void;
}

/** A Compose file as it is written: typed, judged as it is typed, mended in place or allowed with a reason. */
export default function ComposeEditing({ ref, content, names, judged, height, onAllow }: ComposeEditingProps) {
  const [wrap, setWrap] = useState(true);
  const [allowing, setAllowing] = useState<ComposeFinding | null>(null);
  const editor = useRef<ComposeEditorHandle>(null);
  const hintId = useId();
  useImperativeHandle(ref, () => ({
    goTo: (place) => editor.current?.goTo(place),
    replace: (text) => editor.current?.replace(text),
  }));
  const known = judged === 'silent' ? null : judged;
  return (
    <>
      <div className={classes.bar}>
        <div role="status" className={classes.summary}>
          {judged !== 'silent' && <Summary count={judged?.findings.length ?? null} />}
        </div>
        <Text size="sm" c="dimmed" id={hintId} className={classes.hint}>
          {words.compose.leaveHint}
        </Text>
        <Switch label={words.compose.wrap} checked={wrap} onChange={(event) => setWrap(event.currentTarget.checked)} />
      </div>
      <ComposeEditor
        ref={editor}
        content={content}
        names={names}
        wrap={wrap}
        height={height}
        judged={known}
        describedBy={hintId}
        onAllow={setAllowing}
      />
      {known !== null && (
        <FindingList findings={known.findings} onGo={(one) => editor.current?.goTo(one)} onAllow={setAllowing} />
      )}
      {allowing?.exception && (
        <AllowDialog exception={allowing.exception} onAllow={onAllow} onClose={() => setAllowing(null)} />
      )}
    </>
  );
}

function Summary({ count }: { count: number | null }) {
  if (count === null)
    return (
      <Text size="sm" c="dimmed">
        {words.compose.checking}
      </Text>
    );
  return count === 0 ? (
    <StatusBadge tone="good" icon={IconCircleCheckFilled} word={words.compose.fine} plain />
  ) : (
    <StatusBadge tone="bad" word={words.compose.findings(count)} plain />
  );
}
