import { Stack, TextInput } from '@mantine/core';
import { Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';

const text = words.catalog.compose.variables;

/** Values for the variables that a Compose file names without a default. Nothing where it names none. */
export function VariableFields({
  names,
  values,
  onChange,
}: {
  names: readonly string[];
  values: Readonly<Record<string, string>>;
  onChange: (change: Record<string, string>) => void;
}) {
  if (names.length === 0) return null;
  return (
    <Section title={text.title} text={text.text}>
      <Stack gap="md">
        {names.map((name) => (
          <TextInput
            key={name}
            label={text.label(name)}
            value={values[name] ?? ''}
            onChange={(event) => onChange({ [name]: event.currentTarget.value })}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            maxLength={32_768}
            maw={400}
          />
        ))}
      </Stack>
    </Section>
  );
}
