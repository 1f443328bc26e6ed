import { Alert, Button } from '@mantine/core';
import { IconServerOff } from '@tabler/icons-react';
import { Link, useParams } from 'wouter';
import { useRows } from '#renderer/bridge/index.ts';
import { NodeHoldingBadge, NodeStatusBadge } from '#renderer/review/index.ts';
import { EmptyState, FaultNotice, PageHeader, PageSkeleton, RelativeTime, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import { VERSION } from '#shared/contracts/versions.ts';
import { AgentLog } from './AgentLog.tsx';
import { CloudflareSection } from './CloudflareSection.tsx';
import { HoldingNotice } from './HoldingNotice.tsx';
import { IngressSection } from './IngressSection.tsx';
import { JoinScreen } from './JoinScreen.tsx';
import { Measures } from './Measures.tsx';
import { NodeApps } from './NodeApps.tsx';
import { NodeExceptions } from './NodeExceptions.tsx';
import { NodeFacts } from './NodeFacts.tsx';
import classes from './nodes.module.css';
import { OpeningsSection } from './OpeningsSection.tsx';
import { compareVersions } from './version-skew.ts';

const text = words.nodes;

/** One server; `join` in place of its id is the wizard. */
export function NodeScreen() {
  const { nodeId = '' } = useParams<{ nodeId: string }>();
  return nodeId === 'join' ? <JoinScreen /> : <OneNode key={nodeId} nodeId={nodeId} />;
}

function OneNode({ nodeId }: { nodeId: string }) {
  const { byId, ready, fault } = useRows('nodes', {});
  const node = byId.get(nodeId);
  if (fault && !node) return <FaultNotice fault={fault} />;
  if (!ready) return <PageSkeleton />;
  if (node === undefined) {
    return (
      <>
        <PageHeader title={text.missing.title} back={{ href: '/nodes', label: text.missing.back }} />
        <EmptyState
          icon={IconServerOff}
          title={text.missing.title}
          text={text.missing.text}
          action={
            <Button component={Link} href="/nodes">
              {text.missing.back}
            </Button>
          }
        />
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={node.name}
        badge={
          <>
            <NodeStatusBadge status={node.status} />
            <NodeHoldingBadge node={node} />
          </>
        }
        back={{ href: '/nodes', label: text.missing.back }}
        text={
          node.status === 'online' ? undefined : (
            <>
              {text.facts.lastSeen}: <RelativeTime at={node.lastSeenAt} none={text.neverSeen} />
            </>
          )
        }
        actions={
          <Button variant="default" component={Link} href={`/catalog?node=${node.id}`}>
            {text.apps.deploy}
          </Button>
        }
      />
      <Warnings node={node} />
      <HoldingNotice node={node} />
      <Section title={text.now}>
        <Measures facts={node.facts} />
      </Section>
      <div className={classes.pair}>
        <NodeApps node={node} />
        <NodeFacts node={node} />
      </div>
      <IngressSection node={node} />
      <CloudflareSection node={node} />
      <OpeningsSection node={node} />
      <NodeExceptions node={node} />
      <AgentLog node={node} />
    </>
  );
}

function Warnings({ node }: { node: NodeRow }) {
  const { facts, status } = node;
  const skew = compareVersions(facts?.version ?? null, VERSION);
  const warnings: { title: string; text: string; color: string }[] = [];
  if (status === 'offline') warnings.push({ title: text.statusHelp.offline, text: text.offlineSteps, color: 'red' });
  if (status === 'unknown') warnings.push({ title: text.statusHelp.unknown, text: '', color: 'gray' });
  if (skew === 'too-old' || skew === 'too-new')
    warnings.push({ title: text.skewTitle(facts?.version ?? ''), text: text.skew[skew], color: 'red' });
  if (facts && facts.dockerVersion === null)
    warnings.push({ title: text.noDocker, text: text.noDockerHelp, color: 'red' });
  else if (facts && facts.composeVersion === null)
    warnings.push({ title: text.noCompose, text: text.noComposeHelp, color: 'red' });
  return warnings.map((one) => (
    <Alert
      key={one.title}
      color={one.color}
      title={one.title}
      mb="md"
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
    >
      {one.text}
    </Alert>
  ));
}
