import { Code, Text } from '@mantine/core';
import { words } from '#renderer/words/index.ts';
import type { SecretUse } from './secret-uses.ts';

/** Which services get a secret, and as what. */
export function SecretUses({ uses }: { uses: readonly SecretUse[] }) {
  if (uses.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {words.secrets.noUse}
      </Text>
    );
  return (
    <div>
      {uses.map((use) => (
        <Text key={`${use.service} ${use.as} ${use.as === 'env' ? use.env : use.path}`} size="sm" truncate>
          {words.secrets.usedBy(use.service, use.as)} <Code>{use.as === 'env' ? use.env : use.path}</Code>
        </Text>
      ))}
    </div>
  );
}
