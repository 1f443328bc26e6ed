import { Anchor, Button, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { Facts, RelativeTime, Section } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { bytes } from '#renderer/words/values.ts';
import type { SessionView } from '#shared/contracts/ipc/index.ts';
import { unsentTexts } from './unsent.ts';
import { useOfflineStorage } from './use-offline-storage.ts';

const text = words.settings.offline;

/** What this device keeps, how level it is, and whether it would outlast a full disk and a reload without the core. */
export function OfflineSection({ session }: { session: SessionView }) {
  const isBrowser = session.device?.kind === 'browser';
  const storage = useOfflineStorage(isBrowser);
  const unsent = unsentTexts(session.unsent);
  return (
    <Section title={text.title} text={text.text}>
      <Stack gap="md">
        <Facts
          facts={[
            [text.level, <RelativeTime key="level" at={session.levelAt} none={text.never} />],
            [
              text.unsent,
              unsent.length === 0 ? (
                text.nothingUnsent
              ) : (
                <Anchor key="unsent" component={Link} href="/plan" size="sm">
                  {unsent.join(', ')}
                </Anchor>
              ),
            ],
            [text.storage, isBrowser ? (storage.persisted ? text.persisted : text.notPersisted) : text.unknownStorage],
            ...(isBrowser ? [[text.page, text.pageStates[storage.page]] as const] : []),
            ...(storage.usedBytes === null ? [] : [[text.used, bytes(storage.usedBytes)] as const]),
          ]}
        />
        {isBrowser && !storage.persisted && storage.mayAsk && (
          <div>
            <Button variant="default" onClick={storage.ask}>
              {text.persist}
            </Button>
          </div>
        )}
        {storage.refused && (
          <Text size="sm" c="dimmed" role="status">
            {text.refusedPersist}
          </Text>
        )}
      </Stack>
    </Section>
  );
}
