import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useCall, useRows } from '#renderer/bridge/index.ts';
import { CopyField, FaultNotice, ProgressSteps, Section, type StepState } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { duration } from '#renderer/words/values.ts';
import type { Invitation } from '#shared/contracts/ipc/index.ts';
import { decideJoinStep, type JoinStep } from './join-step.ts';
import { NodeGreeting } from './NodeGreeting.tsx';

const text = words.nodes.join;

const order = ['waiting', 'checking', 'arriving', 'greeted'] as const;

/** Second step of joining: the line to paste, and the wait until the server is online. */
export function JoinWatch({
  invitationId,
  before,
  onAgain,
}: {
  invitationId: string;
  before: ReadonlySet<string>;
  onAgain: () => void;
}) {
  const invitations = useRows('invitations', {});
  const nodes = useRows('nodes', {});
  const cancel = useCall('cancelInvitation');
  const nowMs = useEverySecond();
  const invitation = invitations.byId.get(invitationId);
  const step = decideJoinStep({ invitation, nodes: nodes.rows, before, nowMs });
  const races = invitation?.lostRaces ?? 0;
  if (!invitations.ready) return null;
  return (
    <>
      {races > 0 && (
        <Alert
          color="red"
          icon={<IconAlertTriangle size={20} aria-hidden />}
          title={text.race.title}
          mb="md"
          role="alert"
          styles={{ title: { color: 'var(--mantine-color-text)' } }}
        >
          {text.race.text(races)}
        </Alert>
      )}
      {step.step === 'greeted' ? (
        <NodeGreeting node={step.node} />
      ) : step.step === 'expired' || step.step === 'refused' || step.step === 'gone' ? (
        <Section title={text[step.step].title}>
          <Stack align="flex-start">
            <Text size="sm">{text[step.step].text}</Text>
            <Button onClick={onAgain}>{text.expired.again}</Button>
          </Stack>
        </Section>
      ) : (
        <Section title={text.paste.title} text={text.paste.help}>
          <Stack gap="md">
            {invitation && step.step === 'waiting' && <Line invitation={invitation} nowMs={nowMs} />}
            <ProgressSteps label={text.progress} steps={stepsOf(step)} />
            <Text size="sm" c="dimmed">
              {text.paste.keep}
            </Text>
            <FaultNotice fault={cancel.fault} onClose={cancel.clear} />
            {step.step === 'waiting' && (
              <Group>
                <Button
                  variant="default"
                  loading={cancel.busy}
                  onClick={() => void cancel.run({ id: invitationId }).then((result) => result.ok && onAgain())}
                >
                  {text.paste.cancel}
                </Button>
              </Group>
            )}
          </Stack>
        </Section>
      )}
    </>
  );
}

function Line({ invitation, nowMs }: { invitation: Invitation; nowMs: number }) {
  const leftMs = Math.max(0, Date.parse(invitation.expiresAt) - nowMs);
  return (
    <div>
      {invitation.command === null ? (
        <Text size="sm">{text.paste.elsewhere}</Text>
      ) : (
        <CopyField label={text.paste.label} value={invitation.command} wrap />
      )}
      <Text size="sm" c="dimmed" mt={4}>
        {text.paste.left(duration(Math.max(10_000, Math.floor(leftMs / 1_000) * 1_000)))}
      </Text>
    </div>
  );
}

function stepsOf({ step }: JoinStep) {
  const at = (order as readonly string[]).indexOf(step);
  return order.map((id, index) => {
    const state: StepState = index < at ? 'done' : index === at ? 'running' : 'waiting';
    return { id, title: text.steps[id], state };
  });
}

/** A countdown moves each second; nothing else on the page has to. */
function useEverySecond(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
