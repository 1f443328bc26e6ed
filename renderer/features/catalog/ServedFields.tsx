import { Group, Select, TextInput } from '@mantine/core';
import { words } from '#renderer/words/index.ts';
import type { ComposeOffer } from './compose-offer.ts';
import type { Served, ServedChoice } from './served.ts';

const text = words.catalog.compose.route;

/** Service and port of the route. */
export function ServedFields({
  offer,
  served,
  problem,
  onChange,
}: {
  offer: ComposeOffer;
  served: Served;
  problem: 'missing' | 'bad' | null;
  onChange: (change: Partial<ServedChoice>) => void;
}) {
  return (
    <Group align="flex-start" gap="md">
      <Select
        label={text.service}
        data={offer.services.map(({ name }) => name)}
        value={served.service}
        onChange={(service) => onChange({ service, port: null })}
        allowDeselect={false}
        disabled={offer.services.length === 0}
        style={{ flex: '1 1 200px' }}
      />
      <TextInput
        label={text.port}
        description={text.portHelp}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        inputMode="numeric"
        value={served.typed}
        onChange={(event) => onChange({ port: event.currentTarget.value })}
        error={problem === null ? undefined : problem === 'missing' ? text.portMissing : text.badPort}
        style={{ flex: '1 1 200px' }}
      />
    </Group>
  );
}
