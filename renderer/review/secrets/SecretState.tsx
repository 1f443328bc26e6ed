import { IconEyeExclamation, IconPencil, IconRefreshAlert } from '@tabler/icons-react';
import { StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { SecretRow } from '#shared/contracts/ipc/index.ts';

/** Who was removed and could read a secret; else what of it does not run yet: where an older value does, or that it was never deployed. */
export function SecretState({ secret }: { secret: SecretRow }) {
  const { old, edited, readBy } = secret;
  if (readBy.length > 0)
    return (
      <StatusBadge
        tone="bad"
        icon={IconEyeExclamation}
        word={words.secrets.readBy(readBy)}
        title={words.secrets.readByTitle}
        plain
      />
    );
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
