import { ActionIcon, Autocomplete, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { words } from '#renderer/words/index.ts';
import { defaultTarget, faultOfUse, type UseDraft } from './secret-uses.ts';

export interface UsesEditorProps {
  readonly drafts: readonly UseDraft[];
  readonly onChange: (drafts: readonly UseDraft[]) => void;
  readonly services: readonly string[];
  /** Of the secret: what is proposed follows it. */
  readonly name: string;
  /** Faults are shown once somebody tried to go on. */
  readonly showFaults: boolean;
}

/** Which services get a secret, each as a variable or as a memory file. */
export function UsesEditor({ drafts, onChange, services, name, showFaults }: UsesEditorProps) {
  const set = (key: number, change: Partial<UseDraft>) =>
    onChange(drafts.map((draft) => (draft.key === key ? { ...draft, ...change } : draft)));
  const add = () => {
    const key = Math.max(-1, ...drafts.map((draft) => draft.key)) + 1;
    const service = services.find((one) => !drafts.some((draft) => draft.service === one)) ?? services[0] ?? '';
    onChange([...drafts, { key, service, as: 'env', target: defaultTarget('env', name) }]);
  };
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500}>
        {words.secrets.usesTitle}
      </Text>
      {drafts.length === 0 && (
        <Text size="sm" c="dimmed">
          {words.secrets.noUseYet}
        </Text>
      )}
      {drafts.map((draft, index) => {
        const fault = showFaults ? faultOfUse(draft) : null;
        return (
          <Group key={draft.key} gap="xs" align="flex-start" wrap="wrap">
            <Autocomplete
              aria-label={words.secrets.serviceOf(index + 1)}
              placeholder={words.secrets.service}
              data={[...services]}
              value={draft.service}
              onChange={(service) => set(draft.key, { service })}
              error={fault === 'no-service' && words.secrets.useFault['no-service']}
              style={{ flex: '1 1 110px' }}
            />
            <Select
              aria-label={words.secrets.asOf(index + 1)}
              data={[
                { value: 'env', label: words.secrets.asEnv },
                { value: 'file', label: words.secrets.asFile },
              ]}
              value={draft.as}
              onChange={(value) => {
                const as = value === 'file' ? 'file' : 'env';
                set(draft.key, { as, target: defaultTarget(as, name) });
              }}
              allowDeselect={false}
              style={{ flex: '1 1 110px' }}
            />
            <TextInput
              aria-label={words.secrets.targetOf(index + 1)}
              value={draft.target}
              onChange={(event) => set(draft.key, { target: event.currentTarget.value })}
              error={fault !== null && fault !== 'no-service' && words.secrets.useFault[fault]}
              autoComplete="off"
              spellCheck={false}
              style={{ flex: '2 1 150px' }}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={words.secrets.removeUse(index + 1)}
              onClick={() => onChange(drafts.filter((one) => one.key !== draft.key))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        );
      })}
      <div>
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
          {words.secrets.addUse}
        </Button>
      </div>
    </Stack>
  );
}
