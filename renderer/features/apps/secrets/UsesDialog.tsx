import { Button, Group, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { UsedDocument } from '#renderer/bridge/index.ts';
import { draftUses, faultOfUse, type UseDraft, UsesEditor, usesOfDrafts } from '#renderer/review/secrets/index.ts';
import { Dialog } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { SecretRow } from '#shared/contracts/ipc/index.ts';

export interface UsesDialogProps {
  readonly secret: SecretRow;
  readonly services: readonly string[];
  readonly document: UsedDocument;
  readonly onClose: () => void;
}

/** Changes which services get a secret, and as what. An edit like any other: it can be undone. */
export function UsesDialog({ secret, services, document, onClose }: UsesDialogProps) {
  const [uses, setUses] = useState<readonly UseDraft[]>(() => draftUses(secret.uses));
  const [hasTried, setTried] = useState(false);
  const save = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (uses.some((draft) => faultOfUse(draft) !== null)) return;
    document.setItem('secrets', secret.id, { uses: usesOfDrafts(uses) });
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={words.secrets.usesOf(secret.name)} size="lg">
      <form onSubmit={save}>
        <Stack gap="md">
          <UsesEditor drafts={uses} onChange={setUses} services={services} name={secret.name} showFaults={hasTried} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {words.ui.cancel}
            </Button>
            <Button type="submit">{words.apps.save}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
