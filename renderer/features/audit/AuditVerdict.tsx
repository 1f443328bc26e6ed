import { Alert, Button, List, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck, IconShieldQuestion } from '@tabler/icons-react';
import { useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { FaultNotice, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { CallOutput } from '#shared/contracts/ipc/index.ts';

const text = words.audit.verify;

const looks = {
  verified: { color: 'green', Icon: IconShieldCheck },
  'consistent-only': { color: 'yellow', Icon: IconShieldQuestion },
  broken: { color: 'red', Icon: IconAlertTriangle },
} as const;

/** Lets this device verify the whole log, and says what that means. */
export function AuditVerdict() {
  const verify = useCall('verifyAudit');
  const [answer, setAnswer] = useState<CallOutput<'verifyAudit'> | null>(null);
  const run = async () => {
    const result = await verify.run({});
    if (result.ok) setAnswer(result.value);
  };
  return (
    <Section
      title={text.title}
      text={text.intro}
      actions={
        <Button loading={verify.busy} onClick={() => void run()}>
          {text.run}
        </Button>
      }
      bare
    >
      <FaultNotice fault={verify.fault} onClose={verify.clear} />
      <div role="status">
        {verify.busy && (
          <Text size="sm" c="dimmed">
            {text.running}
          </Text>
        )}
        {!verify.busy && answer && <Verdict answer={answer} />}
      </div>
    </Section>
  );
}

function Verdict({ answer }: { answer: CallOutput<'verifyAudit'> }) {
  const { verdict, sentence, findings, entries, nodes } = answer;
  const { color, Icon } = looks[verdict];
  return (
    <Alert
      color={color}
      icon={<Icon size={20} aria-hidden />}
      title={text.verdict[verdict]}
      styles={{ title: { color: 'var(--mantine-color-text)' }, body: { minWidth: 0 } }}
    >
      <Stack gap="sm">
        <Text size="sm">{sentence}</Text>
        {verdict === 'consistent-only' && <Text size="sm">{text.consistentOnly}</Text>}
        {verdict === 'broken' && <Text size="sm">{text.broken}</Text>}
        {findings.length > 0 && (
          <div>
            <Text size="sm" fw={600}>
              {text.findings(findings.length)}
            </Text>
            <List size="sm" style={{ overflowWrap: 'anywhere' }}>
              {findings.map((finding) => (
                <List.Item key={finding}>{finding}</List.Item>
              ))}
            </List>
          </div>
        )}
        <Table withRowBorders={false} verticalSpacing={2} horizontalSpacing="xs" maw={360} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{text.chain}</Table.Th>
              <Table.Th ta="right">{text.entries}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Table.Tr>
              <Table.Td>{text.core}</Table.Td>
              <Table.Td ta="right">{text.entryCount(entries)}</Table.Td>
            </Table.Tr>
            {nodes.map((node) => (
              <Table.Tr key={node.name}>
                <Table.Td>{node.name}</Table.Td>
                <Table.Td ta="right">{text.entryCount(node.entries)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
    </Alert>
  );
}
