import { NativeSelect, Stack, Switch, Text, TextInput } from '@mantine/core';
import { words } from '#renderer/words/index.ts';
import type { CatalogInputView } from '#shared/contracts/ipc/index.ts';
import { checkInput, type FieldValue, type InputProblem, initialValue } from './input-values.ts';

const text = words.catalog.deploy.inputs;

/** The settings that an entry of the catalogue asks for. */
export function InputFields({
  inputs,
  values,
  touched,
  showAll,
  onChange,
}: {
  inputs: readonly CatalogInputView[];
  values: Readonly<Record<string, FieldValue>>;
  touched: ReadonlySet<string>;
  showAll: boolean;
  onChange: (name: string, value: FieldValue) => void;
}) {
  if (inputs.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {text.none}
      </Text>
    );
  return (
    <Stack gap="lg">
      {inputs.map((input) => {
        const value = values[input.name] ?? initialValue(input);
        const problem = showAll || touched.has(input.name) ? checkInput(input, value) : null;
        return (
          <Field
            key={input.name}
            input={input}
            value={value}
            error={problem ? problemText(problem) : undefined}
            onChange={(next) => onChange(input.name, next)}
          />
        );
      })}
    </Stack>
  );
}

function Field({
  input,
  value,
  error,
  onChange,
}: {
  input: CatalogInputView;
  value: FieldValue;
  error: string | undefined;
  onChange: (value: FieldValue) => void;
}) {
  const label = input.optional ? `${input.label} (${text.optional})` : input.label;
  if (input.type === 'boolean')
    return (
      <Switch
        label={label}
        description={input.description ?? undefined}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  const shared = {
    label,
    description: input.description ?? input.hint ?? undefined,
    value: String(value),
    error,
    maw: 400,
  };
  if (input.type === 'choice')
    return (
      <NativeSelect
        {...shared}
        data={input.default === null ? ['', ...input.options] : [...input.options]}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return (
    <TextInput
      {...shared}
      inputMode={input.type === 'integer' ? 'numeric' : undefined}
      placeholder={input.default === null ? undefined : text.default(String(input.default))}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

function problemText(problem: InputProblem): string {
  switch (problem.kind) {
    case 'missing':
      return text.missing;
    case 'pattern':
      return text.pattern(problem.hint);
    case 'too-long':
      return text.tooLong;
    case 'number':
      return text.number(problem.min, problem.max);
    case 'option':
      return text.option;
  }
}
