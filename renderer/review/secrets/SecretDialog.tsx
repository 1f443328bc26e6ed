import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useCall } from '#renderer/bridge/index.ts';
import { Dialog, FaultNotice, notifyDone } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { SecretValueInput } from './SecretValueInput.tsx';
import { defaultTarget, faultOfUse, type UseDraft, usesOfDrafts } from './secret-uses.ts';
import { UsesEditor } from './UsesEditor.tsx';

export type SecretMode = 'generate' | 'type';

export interface SecretDialogProps {
  readonly appId: string;
  /** The secret that gets a new value; null makes one. */
  readonly name: string | null;
  /** Names that are taken. */
  readonly taken: readonly string[];
  readonly services: readonly string[];
  readonly mode: SecretMode;
  readonly onClose: () => void;
}

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** Makes a secret, or gives one a new value: typed, or random so that nobody has to see it. */
export function SecretDialog({ appId, name, taken, services, mode: firstMode, onClose }: SecretDialogProps) {
  const [mode, setMode] = useState(firstMode);
  const [newName, setNewName] = useState('');
  const [uses, setUses] = useState<readonly UseDraft[]>([]);
  const [hasTried, setTried] = useState(false);
  const [valueFault, setValueFault] = useState<string | null>(null);
  const value = useRef<HTMLTextAreaElement>(null);
  const set = useCall('setSecret');
  const generate = useCall('generateSecret');

  const isNew = name === null;
  const finalName = name ?? newName.trim();
  const nameFault = !NAME.test(finalName)
    ? words.secrets.badName
    : isNew && taken.includes(finalName)
      ? words.secrets.takenName
      : null;
  const rename = (next: string) => {
    setNewName(next);
    // What still says what was proposed follows the name.
    setUses((drafts) =>
      drafts.map((draft) =>
        draft.target === defaultTarget(draft.as, newName) ? { ...draft, target: defaultTarget(draft.as, next) } : draft,
      ),
    );
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const typed = value.current?.value ?? '';
    const isMissing = mode === 'type' && typed === '';
    setValueFault(isMissing ? words.secrets.noValue : null);
    if (nameFault !== null || isMissing || uses.some((draft) => faultOfUse(draft) !== null)) return;
    const about = { appId, name: finalName, ...(isNew ? { uses: usesOfDrafts(uses) } : {}) };
    const answer = mode === 'type' ? await set.run({ ...about, value: typed }) : await generate.run(about);
    if (!answer.ok) return;
    if (value.current) value.current.value = '';
    notifyDone(isNew ? words.secrets.wasMade(finalName) : words.secrets.wasChanged(finalName));
    onClose();
  };

  return (
    <Dialog onClose={onClose} title={isNew ? words.secrets.newTitle : words.secrets.changeTitle(name)} size="lg">
      <form onSubmit={(event) => void submit(event)} autoComplete="off">
        <Stack gap="md">
          {isNew && (
            <TextInput
              label={words.secrets.name}
              description={words.secrets.nameHint}
              value={newName}
              onChange={(event) => rename(event.currentTarget.value)}
              error={hasTried && nameFault}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
            />
          )}
          <SegmentedControl
            aria-label={words.secrets.how}
            data={[
              { value: 'generate', label: words.secrets.modeGenerate },
              { value: 'type', label: words.secrets.modeType },
            ]}
            value={mode}
            onChange={(next) => setMode(next === 'type' ? 'type' : 'generate')}
            fullWidth
          />
          {mode === 'type' ? (
            <SecretValueInput ref={value} error={valueFault} />
          ) : (
            <Text size="sm" c="dimmed">
              {words.secrets.generateHint}
            </Text>
          )}
          {isNew ? (
            <UsesEditor drafts={uses} onChange={setUses} services={services} name={finalName} showFaults={hasTried} />
          ) : (
            <Text size="sm" c="dimmed">
              {words.secrets.rotateHint}
            </Text>
          )}
          <FaultNotice fault={set.fault ?? generate.fault} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {words.ui.cancel}
            </Button>
            <Button type="submit" loading={set.busy || generate.busy}>
              {isNew ? words.secrets.make : words.secrets.change}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
