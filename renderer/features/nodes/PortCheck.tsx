import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { FaultNotice, StatusBadge, type Tone } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { CallOutput, NodeRow } from '#shared/contracts/ipc/index.ts';
import type { Fault } from '#shared/kernel/index.ts';

const text = words.nodes.ingress.probe;

export interface Probe {
  readonly answer: CallOutput<'probeNode'> | null;
  readonly busy: boolean;
  readonly fault: Fault | null;
  again(): void;
}

/** Asks a server which of these ports are free, again when they change; typing is waited for. */
export function useProbe(node: NodeRow, ports: readonly number[]): Probe {
  const { run, busy, fault } = useCall('probeNode');
  const [answer, setAnswer] = useState<CallOutput<'probeNode'> | null>(null);
  const [turn, setTurn] = useState(0);
  const key = ports.join(' ');
  const isOnline = node.status === 'online';
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks again
  useEffect(() => {
    if (!isOnline || key === '') return;
    let over = false;
    const timer = setTimeout(async () => {
      const result = await run({ nodeId: node.id, ports: key.split(' ').map(Number) });
      if (!over && result.ok) setAnswer(result.value);
    }, 400);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [run, node.id, isOnline, key, turn]);
  return { answer, busy, fault, again: () => setTurn(turn + 1) };
}

const tones: Record<'free' | 'taken' | 'ours', Tone> = { free: 'good', taken: 'bad', ours: 'good' };

/** Which ports are free, and the ways out where one is taken. */
export function PortCheck({ probe, wantsCertificates }: { probe: Probe; wantsCertificates: boolean }) {
  const { answer, busy, fault, again } = probe;
  const isTaken = answer?.ports.some(({ state }) => state === 'taken') ?? false;
  const isOther = wantsCertificates && answer !== null && !answer.ports.some(({ port }) => port === 80);
  return (
    <Stack gap="xs" aria-live="polite">
      {answer === null && busy && (
        <Text size="sm" c="dimmed">
          {text.checking}
        </Text>
      )}
      {answer && (
        <Group gap="xs">
          {answer.ports.map(({ port, state }) => (
            <StatusBadge key={port} tone={tones[state]} word={text[state](port)} />
          ))}
        </Group>
      )}
      {fault && (
        <FaultNotice
          fault={{ ...fault, next: `${fault.next} ${text.failed}` }}
          actions={
            <Button size="xs" variant="default" onClick={again}>
              {text.again}
            </Button>
          }
        />
      )}
      {isTaken && (
        <Alert color="yellow" title={text.takenTitle} styles={{ title: { color: 'var(--mantine-color-text)' } }}>
          <List size="sm" spacing={4}>
            {text.waysOut.map((way) => (
              <List.Item key={way}>{way}</List.Item>
            ))}
          </List>
          <Button size="xs" variant="default" mt="sm" loading={busy} onClick={again}>
            {text.again}
          </Button>
        </Alert>
      )}
      {isOther && (
        <Text size="sm" c="dimmed">
          {text.acmeNeeds80}
        </Text>
      )}
    </Stack>
  );
}
