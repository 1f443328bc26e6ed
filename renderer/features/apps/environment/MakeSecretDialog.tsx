import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { faultOfUse, type UseDraft, UsesEditor, usesOfDrafts } from '#renderer/review/secrets/index.ts';
import { Dialog, FaultNotice, notifyDone } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { EnvVariable } from '../detail/app-fields.ts';
import type { OpenApp } from '../detail/open-app.ts';
import { linesUsing, secretNameFor } from './secret-name.ts';

export interface MakeSecretDialogProps {
  readonly app: OpenApp;
  readonly variable: EnvVariable;
  readonly onClose: () => void;
}

/** Turns a plain variable into a sealed secret: its value is sealed, the variable goes, services get it as one. */
export function MakeSecretDialog({ app, variable, onClose }: MakeSecretDialogProps) {
  const { appId, detail, document } = app;
  const taken = detail.secrets.map((secret) => secret.name);
  const [name, setName] = useState(() => secretNameFor(variable.key, taken));
  const [uses, setUses] = useState<readonly UseDraft[]>(() =>
    detail.outline.services.slice(0, 1).map((service) => ({ key: 0, service, as: 'env', target: variable.key })),
  );
  const [hasTried, setTried] = useState(false);
  const { run, busy, fault } = useCall('setSecret');
  const compose = document.text('compose')?.toString() ?? '';
  const lines = linesUsing(compose, variable.key);
  const nameFault = !/^[a-z0-9][a-z0-9_-]{0,62}$/.test(name)
    ? words.secrets.badName
    : taken.includes(name)
      ? words.secrets.takenName
      : null;

  const make = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (nameFault !== null || uses.some((draft) => faultOfUse(draft) !== null)) return;
    const answer = await run({ appId, name, value: variable.value, uses: usesOfDrafts(uses) });
    if (!answer.ok) return;
    document.removeItem('env', variable.id);
    notifyDone(words.apps.env.isSecret(variable.key, name));
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={words.apps.env.makeTitle(variable.key)} size="lg">
      <form onSubmit={(event) => void make(event)} autoComplete="off">
        <Stack gap="md">
          <Text size="sm">{words.apps.env.makeText}</Text>
          <TextInput
            label={words.secrets.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={hasTried && nameFault}
            autoComplete="off"
            spellCheck={false}
          />
          <UsesEditor
            drafts={uses}
            onChange={setUses}
            services={detail.outline.services}
            name={name}
            showFaults={hasTried}
          />
          {lines.length > 0 && <Text size="sm">{words.apps.env.stillUsed(variable.key, lines)}</Text>}
          <Text size="sm" c="dimmed">
            {words.apps.env.wasPlain}
          </Text>
          <FaultNotice fault={fault} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {words.ui.cancel}
            </Button>
            <Button type="submit" loading={busy}>
              {words.apps.env.makeSecret}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
