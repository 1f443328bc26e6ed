import { IconArrowsSplit2, IconClock, IconKey, IconPencil, IconShieldX } from '@tabler/icons-react';
import { StatusBadge } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { AppRow } from '#shared/contracts/ipc/index.ts';

/** What of an app is not signed and running yet. */
export function AppMarks({ row }: { row: AppRow }) {
  return (
    <>
      {row.clashes.length > 0 && (
        <StatusBadge
          tone="bad"
          icon={IconArrowsSplit2}
          word={words.apps.marks.clash}
          title={words.apps.marks.clashTitle}
        />
      )}
      {row.voidSigner !== null && (
        <StatusBadge
          tone="bad"
          icon={IconShieldX}
          word={words.apps.marks.voidRelease}
          title={words.apps.marks.voidReleaseTitle(row.voidSigner)}
        />
      )}
      {row.edited && (
        <StatusBadge
          tone="warn"
          icon={IconPencil}
          word={words.apps.marks.edited}
          title={words.apps.marks.editedTitle}
        />
      )}
      {row.oldSecrets.length > 0 && (
        <StatusBadge
          tone="warn"
          icon={IconKey}
          word={words.apps.marks.oldSecrets}
          title={words.apps.marks.oldSecretsTitle(row.oldSecrets, row.node?.name ?? '')}
        />
      )}
      {row.waiting && (
        <StatusBadge
          tone="busy"
          icon={IconClock}
          word={words.apps.marks.waiting}
          title={words.apps.marks.waitingTitle}
        />
      )}
    </>
  );
}
