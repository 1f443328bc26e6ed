import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { words } from '#renderer/words/index.ts';
import { KeyHint } from './KeyHint.tsx';

/** Narrows a list as one types; the key / comes here, Escape empties it. `shown` is read out. */
export function FilterInput({
  value,
  onChange,
  label,
  shown,
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
  /** How many are left, in words. */
  shown?: string;
}) {
  return (
    <>
      <TextInput
        data-filter
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (value === '') event.currentTarget.blur();
          onChange('');
        }}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          value === '' ? (
            <KeyHint keys="/" />
          ) : (
            <CloseButton size="sm" aria-label={words.ui.clearFilter} onClick={() => onChange('')} />
          )
        }
        style={{ flex: '1 1 200px', maxWidth: 360 }}
        styles={{ input: { WebkitAppearance: 'none' } }}
      />
      {shown !== undefined && (
        <span role="status" className="mantine-visually-hidden" style={hidden}>
          {value === '' ? '' : shown}
        </span>
      )}
    </>
  );
}

const hidden = { position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' } as const;
