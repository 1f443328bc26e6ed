import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { useValue } from '#renderer/bridge/index.ts';
import { PlanReview } from '#renderer/review/index.ts';
import { Facts, Section, StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { NodeRow, PlanView } from '#shared/contracts/ipc/index.ts';
import { IngressForm } from './IngressForm.tsx';

const text = words.nodes.ingress;

/** The reverse proxy of one server: how it is set, the form, the plan, the progress. */
export function IngressSection({ node }: { node: NodeRow }) {
  const [search] = useSearchParams();
  const [step, setStep] = useState<'shown' | 'form' | PlanView>(() =>
    search.get('open') === 'ingress' && node.ingress === null ? 'form' : 'shown',
  );
  const { value: session } = useValue('session', {});
  const role = session?.device?.role;
  const maySet = role === 'owner' || role === 'provisional-owner';
  const { ingress } = node;
  const back = () => setStep('form');
  return (
    <Section
      id="ingress"
      title={text.title}
      text={text.intro}
      actions={
        step === 'shown' ? (
          <Button variant={ingress ? 'default' : 'filled'} onClick={() => setStep('form')}>
            {ingress ? text.change : text.setUp}
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
          {!maySet && <Text size="sm">{text.operator}</Text>}
          <IngressForm node={node} onPlan={setStep} />
        </Stack>
      ) : step !== 'shown' ? (
        <PlanReview
          plan={step}
          actions={
            <Button variant="default" onClick={back}>
              {text.back}
            </Button>
          }
        />
      ) : ingress ? (
        <Current ingress={ingress} />
      ) : (
        <Text size="sm" c="dimmed">
          {text.none}
        </Text>
      )}
    </Section>
  );
}

function Current({ ingress }: { ingress: NonNullable<NodeRow['ingress']> }) {
  const { acme } = ingress;
  const isLetsEncrypt = acme?.caServer.includes('letsencrypt.org') ?? false;
  return (
    <Stack gap="sm">
      {!ingress.released && <StatusBadge tone="warn" word={text.draft} />}
      <Facts
        facts={[
          [
            text.current.status,
            <StatusBadge
              key="status"
              tone={ingress.status === 'running' ? 'good' : 'unknown'}
              word={ingress.status}
              plain
            />,
          ],
          [text.current.ports, acme ? `${ingress.httpPort}, ${ingress.httpsPort}` : ingress.httpPort],
          [
            text.current.acme,
            acme ? text.acme(acme.email, isLetsEncrypt ? text.letsEncrypt : acme.caServer) : text.plain,
          ],
          [
            text.current.addresses,
            ingress.publicAddresses.length > 0 ? ingress.publicAddresses.join(', ') : text.noAddresses,
          ],
        ]}
      />
    </Stack>
  );
}
