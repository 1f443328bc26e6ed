import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { FaultNotice } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { CallOutput, NodeRow } from '#shared/contracts/ipc/index.ts';

const text = words.nodes.cloudflare.test;

/** Lets the server try its token and names each permission that is missing. */
export function CloudflareTest({ node }: { node: NodeRow }) {
  const test = useCall('testCloudflare');
  const [answer, setAnswer] = useState<CallOutput<'testCloudflare'> | null>(null);
  const run = async () => {
    setAnswer(null);
    const result = await test.run({ nodeId: node.id });
    if (result.ok) setAnswer(result.value);
  };
  return (
    <Stack gap="sm" align="flex-start">
      <Button variant="default" loading={test.busy} onClick={() => void run()}>
        {text.run}
      </Button>
      <FaultNotice fault={test.fault} onClose={test.clear} />
      <div role="status" style={{ width: '100%' }}>
        {answer && (
          <Alert
            color={answer.ok ? 'green' : 'red'}
            icon={answer.ok ? <IconCircleCheck size={20} aria-hidden /> : <IconAlertTriangle size={20} aria-hidden />}
            title={answer.ok ? text.good : text.bad}
            styles={{ title: { color: 'var(--mantine-color-text)' } }}
          >
            <Stack gap="xs">
              {answer.text !== '' && <Text size="sm">{answer.text}</Text>}
              {answer.missing.length > 0 && (
                <div>
                  <Text size="sm">{text.add}</Text>
                  <List size="sm">
                    {answer.missing.map((permission) => (
                      <List.Item key={permission}>
                        <strong>{permission}</strong>
                      </List.Item>
                    ))}
                  </List>
                </div>
              )}
              <Text size="sm">
                {answer.zones.length > 0 ? `${text.zones}: ${answer.zones.join(', ')}` : text.noZones}
              </Text>
            </Stack>
          </Alert>
        )}
      </div>
    </Stack>
  );
}
