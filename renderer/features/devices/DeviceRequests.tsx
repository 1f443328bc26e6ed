import { Button, Group, Stack, Text } from '@mantine/core';
import { useCall, useRows } from '#renderer/bridge/index.ts';
import { CopyField, FaultNotice, notifyDone, RelativeTime, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { DeviceRequest } from '#shared/contracts/ipc/index.ts';
import classes from './devices.module.css';

const text = words.devices.requests;

/** Devices that ask to be let in. Whoever may not answer sees the one command for who may. */
export function DeviceRequests({ mayAnswer }: { mayAnswer: boolean }) {
  const { rows, ready } = useRows('deviceRequests', {});
  if (!ready || rows.length === 0) return null;
  return (
    <Section title={text.title}>
      <Stack gap="lg">
        {rows.map((request) =>
          mayAnswer ? <Request key={request.id} request={request} /> : <Head key={request.id} request={request} />,
        )}
        {!mayAnswer && (
          <div>
            <Text size="sm" mb="xs">
              {text.operator}
            </Text>
            <CopyField label={text.command} value="overseer device approve" />
          </div>
        )}
      </Stack>
    </Section>
  );
}

function Head({ request }: { request: DeviceRequest }) {
  return (
    <div>
      <Text fw={600}>{request.name}</Text>
      <Text size="sm" c="dimmed">
        {words.devices.kinds[request.kind]} · {text.expires} <RelativeTime at={request.expiresAt} />
      </Text>
    </div>
  );
}

function Request({ request }: { request: DeviceRequest }) {
  const answer = useCall('answerDevice');
  const approve = useCall('approveDevice');
  const refuse = useCall('refuseDevice');
  const { id, name, code } = request;
  const fault = answer.fault ?? approve.fault ?? refuse.fault;
  const clear = () => {
    answer.clear();
    approve.clear();
    refuse.clear();
  };
  const run = async (call: typeof approve | typeof refuse, done: string) => {
    const result = await call.run({ id });
    if (result.ok) notifyDone(done);
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <Head request={request} />
        {code === null && (
          <Group gap="xs">
            <Button variant="default" loading={refuse.busy} onClick={() => void run(refuse, text.refused(name))}>
              {text.refuse}
            </Button>
            <Button loading={answer.busy} onClick={() => void answer.run({ id })}>
              {text.answer}
            </Button>
          </Group>
        )}
      </Group>
      {code !== null && (
        <div className={classes.compare}>
          <Text size="sm" c="dimmed">
            {text.code}
          </Text>
          <div className={classes.code} role="status">
            {code}
          </div>
          <Text fw={600}>{text.compare(name)}</Text>
          <Text size="sm" c="dimmed">
            {text.compareHelp}
          </Text>
          <Group gap="xs" mt="xs">
            <Button loading={approve.busy} onClick={() => void run(approve, text.approved(name))}>
              {text.approve}
            </Button>
            <Button variant="default" loading={refuse.busy} onClick={() => void run(refuse, text.refused(name))}>
              {text.refuse}
            </Button>
          </Group>
        </div>
      )}
      <FaultNotice fault={fault} onClose={clear} />
    </Stack>
  );
}
