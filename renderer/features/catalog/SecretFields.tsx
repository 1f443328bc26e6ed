import { PasswordInput, Stack } from '@mantine/core';
import { Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import type { ComposeOffer } from './compose-offer.ts';

const text = words.catalog.compose;

/** Values for the secrets that a Compose file names; what stays empty is made at random. Nothing where it names none. */
export function SecretFields({
  secrets,
  values,
  onChange,
}: {
  secrets: ComposeOffer['secrets'];
  values: Readonly<Record<string, string>>;
  onChange: (change: Record<string, string>) => void;
}) {
  if (secrets.length === 0) return null;
  return (
    <Section title={text.secrets.title} text={text.secrets.text}>
      <Stack gap="md">
        {secrets.map(({ name, uses }) => (
          <PasswordInput
            key={name}
            label={text.secrets.label(name)}
            description={text.secrets.uses([...new Set(uses.map(({ service }) => service))].join(', '))}
            placeholder={text.secrets.generated}
            value={values[name] ?? ''}
            onChange={(event) => onChange({ [name]: event.currentTarget.value })}
            autoComplete="new-password"
            spellCheck={false}
            data-1p-ignore
            data-lpignore="true"
            maw={400}
            visibilityToggleButtonProps={{ 'aria-label': text.secrets.show(name) }}
          />
        ))}
      </Stack>
    </Section>
  );
}
