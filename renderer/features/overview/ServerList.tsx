import { Anchor } from '@mantine/core';
import { IconServer2 } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useRows } from '#renderer/bridge/index.ts';
import { NodeHoldingBadge, NodeStatusBadge } from '#renderer/review/index.ts';
import { EmptyState, RelativeTime, RowsSkeleton, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { percent } from '#renderer/words/values.ts';
import type { NodeRow } from '#shared/contracts/ipc/index.ts';
import classes from './ServerList.module.css';

const text = words.overview.servers;
/** What fits beside the rest; those not heard come first. */
const SHOWN = 8;
const rank = { offline: 0, unknown: 1, online: 2 } as const;

/** The servers with what they carry; all of them are on their own screen. */
export function ServerList() {
  const { rows, ready } = useRows('nodes', {});
  const sorted = [...rows].sort((a, b) => rank[a.status] - rank[b.status] || a.name.localeCompare(b.name));
  return (
    <Section
      title={text.title}
      bare
      actions={
        rows.length > 0 && (
          <Anchor component={Link} href="/nodes" size="sm">
            {text.all}
          </Anchor>
        )
      }
    >
      {!ready ? (
        <RowsSkeleton rows={3} />
      ) : rows.length === 0 ? (
        <EmptyState icon={IconServer2} title={text.empty} text={text.emptyText} />
      ) : (
        <ul className={classes.list}>
          {sorted.slice(0, SHOWN).map((node) => (
            <Server key={node.id} node={node} />
          ))}
        </ul>
      )}
      {rows.length > SHOWN && (
        <Anchor component={Link} href="/nodes" size="sm" className={classes.more}>
          {words.overview.attention.more(rows.length - SHOWN)}
        </Anchor>
      )}
    </Section>
  );
}

function Server({ node }: { node: NodeRow }) {
  const { facts } = node;
  const apps = node.apps.filter(({ kind }) => kind === 'app').length;
  return (
    <li className={classes.server}>
      <div className={classes.head}>
        <Link href={`/nodes/${node.id}`} className={classes.name}>
          {node.name}
        </Link>
        <NodeStatusBadge status={node.status} plain />
        <NodeHoldingBadge node={node} />
        <span className={classes.apps}>{text.apps(apps)}</span>
      </div>
      {node.status !== 'online' ? (
        <span className={classes.seen}>
          {text.seen} <RelativeTime at={node.lastSeenAt} none={text.never} />
        </span>
      ) : (
        facts && (
          <div className={classes.meters}>
            <Meter label={text.cpu} share={facts.cpuLoad} />
            <Meter label={text.memory} share={facts.memoryUsedBytes / facts.memoryTotalBytes} />
            <Meter label={text.disk} share={1 - facts.diskFreeBytes / facts.diskTotalBytes} />
          </div>
        )
      )}
    </li>
  );
}

function Meter({ label, share }: { label: string; share: number }) {
  const known = Number.isFinite(share) ? Math.max(0, Math.min(1, share)) : 0;
  return (
    <div className={classes.meter} data-high={known >= 0.9 || undefined}>
      <span>{label}</span>
      <span className={classes.bar} aria-hidden>
        <span style={{ width: percent(known) }} />
      </span>
      <span className={classes.value}>{percent(known)}</span>
    </div>
  );
}
