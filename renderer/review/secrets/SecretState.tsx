import { IconPencil, IconRefreshAlert } from '@tabler/icons-react';
import { StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { SecretRow } from '#shared/contracts/ipc/index.ts';

/** What of a secret does not run yet: where an older value does, or that it was never deployed. */
export function SecretState({ secret }: { secret: SecretRow }) {
  const { old, edited } = secret;
  if (old !== null)
    return (
      <StatusBadge
        tone="warn"
        icon={IconRefreshAlert}
        word={old.signed ? words.secrets.oldSigned(old.nodeName) : words.secrets.old(old.nodeName, old.runs)}
        title={old.signed ? words.secrets.oldSignedTitle : words.secrets.oldTitle}
        plain
      />
    );
  if (!edited) return null;
  return (
    <StatusBadge tone="warn" icon={IconPencil} word={words.secrets.edited} title={words.secrets.editedTitle} plain />
  );
}
