import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { useRows, useValue } from '#renderer/bridge/index.ts';
import { PageHeader, PageSkeleton } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { JoinForm } from './JoinForm.tsx';
import { JoinWatch } from './JoinWatch.tsx';
import classes from './nodes.module.css';
import { OperatorJoin } from './OperatorJoin.tsx';

const text = words.nodes.join;

/** The wizard that joins a server: its name, the line to paste, the wait, the greeting. */
export function JoinScreen() {
  const { value: session } = useValue('session', {});
  const nodes = useRows('nodes', {});
  const [search, setSearch] = useSearchParams();
  const invitation = search.get('invitation');
  const role = session?.device?.role;
  if (role === undefined || !nodes.ready) return <PageSkeleton />;
  const isOwner = role === 'owner' || role === 'provisional-owner';
  return (
    <div className={classes.narrow}>
      <PageHeader title={text.title} back={{ href: '/nodes', label: text.back }} />
      {!isOwner ? (
        <OperatorJoin nodes={nodes.rows} />
      ) : invitation === null ? (
        <JoinForm
          taken={nodes.rows.map(({ name }) => name)}
          onInvited={(id) => setSearch({ invitation: id }, { replace: true })}
        />
      ) : (
        <Watched key={invitation} invitation={invitation} onAgain={() => setSearch({}, { replace: true })} />
      )}
    </div>
  );
}

function Watched({ invitation, onAgain }: { invitation: string; onAgain: () => void }) {
  const nodes = useRows('nodes', {});
  // Who was there when the person came here is not who they wait for.
  const [before] = useState(() => new Set(nodes.rows.map(({ id }) => id)));
  return <JoinWatch invitationId={invitation} before={before} onAgain={onAgain} />;
}
