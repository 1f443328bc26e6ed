import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { type Followed, PlanReview } from '#renderer/review/index.ts';
import { FaultNotice, notifyDone, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import classes from './catalog.module.css';
import type { UsedDraft } from './use-draft.ts';

const text = words.catalog.deploy;

/** Last part of the wizard: the plan of the draft, then how it comes up. */
export function DraftReview({
  used,
  onEdit,
  onFollowed,
  followed,
}: {
  used: UsedDraft;
  onEdit: () => void;
  onFollowed: (followed: Followed) => void;
  followed: boolean;
}) {
  const [leaving, setLeaving] = useState(false);
  const [, navigate] = useLocation();
  const { draft } = used;
  const top = useRef<HTMLDivElement>(null);
  // The button that led here stood at the end of a long form: what comes now is seen, and read out, from its beginning.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step begins at its top
  useEffect(() => {
    top.current?.scrollIntoView({ block: 'start' });
    top.current?.focus({ preventScroll: true });
  }, [followed]);
  if (draft === null) return null;
  const discard = async () => {
    if (!(await used.discard())) return;
    notifyDone(text.leave.discarded(draft.name));
    navigate('/catalog');
  };
  return (
    <div ref={top} tabIndex={-1} className={classes.stage}>
      <Section title={followed ? text.steps.run : text.planTitle(draft.name)}>
        <Stack gap="md">
          <PlanReview
            plan={draft.plan}
            onFollowed={onFollowed}
            actions={
              <>
                <Button variant="subtle" color="gray" onClick={() => setLeaving(true)}>
                  {text.leave.cancel}
                </Button>
                <Button variant="default" onClick={onEdit}>
                  {text.edit}
                </Button>
              </>
            }
          />
          {followed ? (
            <Group gap="md">
              <Anchor component={Link} href={`/apps/${draft.appId}`} size="sm">
                {text.done.app}
              </Anchor>
              <Anchor component={Link} href="/catalog" size="sm">
                {text.done.another}
              </Anchor>
            </Group>
          ) : (
            <Text size="sm" c="dimmed">
              {text.leave.note}
            </Text>
          )}
        </Stack>
        <Modal
          opened={leaving}
          onClose={() => setLeaving(false)}
          title={text.leave.title}
          closeButtonProps={{ 'aria-label': words.ui.close }}
        >
          <Stack gap="md">
            <Text size="sm">{text.leave.text(draft.name)}</Text>
            <FaultNotice fault={used.fault} onClose={used.clear} />
            <Group justify="flex-end" gap="xs">
              <Button variant="subtle" color="gray" onClick={() => setLeaving(false)}>
                {text.leave.stay}
              </Button>
              <Button variant="outline" color="red" loading={used.busy} onClick={() => void discard()}>
                {text.leave.discard}
              </Button>
              <Button onClick={() => navigate('/catalog')}>{text.leave.keep}</Button>
            </Group>
          </Stack>
        </Modal>
      </Section>
    </div>
  );
}
