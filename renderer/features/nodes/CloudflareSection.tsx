import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useValue } from '#renderer/bridge/index.ts';
import { PlanReview } from '#renderer/review/index.ts';
import { Facts, Section, StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { NodeRow, PlanView } from '#shared/contracts/ipc/index.ts';
import { CloudflareForm } from './CloudflareForm.tsx';
import { CloudflareTest } from './CloudflareTest.tsx';
import { OwnerCommand } from './OwnerCommand.tsx';
import { cloudflareCommand } from './owner-commands.ts';
import { RecordsByHand } from './RecordsByHand.tsx';

const text = words.nodes.cloudflare;

/** DNS at Cloudflare for one server; without it, the records to make by hand. */
export function CloudflareSection({ node }: { node: NodeRow }) {
  const { value: session } = useValue('session', {});
  const [step, setStep] = useState<'shown' | 'form' | PlanView>('shown');
  const role = session?.device?.role;
  const maySign = role === 'owner' || role === 'provisional-owner';
  const connector = node.connectors[0];
  return (
    <Section
      id="dns"
      title={text.title}
      text={text.intro}
      actions={
        step === 'shown' ? (
          <Button variant="default" onClick={() => setStep('form')}>
            {connector ? text.change : text.setUp}
          </Button>
        ) : (
          <Button variant="subtle" color="gray" onClick={() => setStep('shown')}>
            {typeof step === 'string' ? text.cancel : text.close}
          </Button>
        )
      }
    >
      {step === 'form' ? (
        <Stack gap="md">
          {!maySign && <OwnerCommand text={text.operator} command={cloudflareCommand(node.name)} />}
          <CloudflareForm node={node} onPlan={setStep} />
        </Stack>
      ) : step !== 'shown' ? (
        <PlanReview
          plan={step}
          actions={
            <Button variant="default" onClick={() => setStep('form')}>
              {text.back}
            </Button>
          }
        />
      ) : connector ? (
        <Stack gap="md">
          {!connector.released && <StatusBadge tone="warn" word={text.draft} />}
          <Facts facts={[[text.zones, connector.zones.length > 0 ? connector.zones.join(', ') : text.allZones]]} />
          <CloudflareTest node={node} />
        </Stack>
      ) : (
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {text.none}
          </Text>
          <RecordsByHand nodeId={node.id} />
        </Stack>
      )}
    </Section>
  );
}
