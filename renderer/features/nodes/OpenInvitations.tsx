import { Button, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useCall, useRows } from '#renderer/bridge/index.ts';
import { FaultNotice, RelativeTime, Section, StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import classes from './nodes.module.css';

const text = words.nodes.join;

/** Servers that were invited and are not in yet. Nothing when there is none. */
export function OpenInvitations() {
  const { rows } = useRows('invitations', {});
  const cancel = useCall('cancelInvitation');
  const open = rows.filter(({ state }) => state === 'open' || state === 'requested');
  if (open.length === 0) return null;
  return (
    <Section title={text.open.title}>
      <FaultNotice fault={cancel.fault} onClose={cancel.clear} />
      <ul className={classes.list}>
        {open.map(({ id, name, expiresAt, state, lostRaces }) => (
          <li key={id}>
            <div>
              <Text fw={600}>{text.open.item(name)}</Text>
              <Text size="sm" c="dimmed">
                {state === 'requested' ? text.steps.checking : text.steps.waiting} · {text.paste.expires}{' '}
                <RelativeTime at={expiresAt} />
              </Text>
            </div>
            <div className={classes.line}>
              {lostRaces > 0 && <StatusBadge tone="bad" word={text.open.races(lostRaces)} />}
              <Button
                variant="subtle"
                color="gray"
                loading={cancel.busy}
                onClick={() => void cancel.run({ id })}
                aria-label={`${text.paste.cancel}: ${text.open.item(name)}`}
              >
                {text.open.cancel}
              </Button>
              <Button variant="default" component={Link} href={`/nodes/join?invitation=${id}`}>
                {text.open.look}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
