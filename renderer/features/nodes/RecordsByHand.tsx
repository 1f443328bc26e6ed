import { Stack, Text } from '@mantine/core';
import { useRows } from '#renderer/bridge/index.ts';
import { CopyField } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import classes from './nodes.module.css';

const text = words.nodes.cloudflare.byHand;

/** Records of this server's routes that no connector keeps: the node can not see whether they are there. */
export function RecordsByHand({ nodeId }: { nodeId: string }) {
  const { rows, ready } = useRows('routes', {});
  if (!ready) return null;
  const records = rows
    .filter(({ node }) => node === nodeId)
    .flatMap(({ records }) => records.filter(({ status }) => status === 'unknown'));
  if (records.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {text.none}
      </Text>
    );
  return (
    <div>
      <Text fw={600} size="sm">
        {text.title}
      </Text>
      <Text size="sm" c="dimmed" mb="xs">
        {text.text}
      </Text>
      <Stack gap="sm">
        {records.map(({ type, name, content }) => (
          <div key={`${type} ${name} ${content}`} className={classes.record}>
            <Text size="sm" fw={600}>
              {type}
            </Text>
            <CopyField label={text.name} value={name} />
            <CopyField label={text.content} value={content} />
          </div>
        ))}
      </Stack>
    </div>
  );
}
