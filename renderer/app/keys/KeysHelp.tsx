import { Modal, SimpleGrid, Title, VisuallyHidden } from '@mantine/core';
import { KeyHint } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { navEntries } from '../frame/nav-entries.ts';
import classes from './KeysHelp.module.css';

const text = words.app.keys;

const groups = [
  {
    title: text.anywhere,
    keys: [
      ['mod+k', text.palette],
      ['/', text.filter],
      ['?', text.help],
      ['esc', text.escape],
    ],
  },
  {
    title: text.inLists,
    keys: [
      ['up down', text.move],
      ['Home End', text.ends],
      ['enter', text.open],
    ],
  },
  { title: text.go, keys: navEntries.map(({ key, label }) => [`g ${key}`, label]) },
] as const;

/** All keyboard shortcuts. */
export function KeysHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={text.title}
      size="lg"
      closeButtonProps={{ 'aria-label': words.ui.close }}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xl">
        {groups.map(({ title, keys }) => (
          <section key={title}>
            <Title order={3} size="h4" mb="xs">
              {title}
            </Title>
            <dl className={classes.keys}>
              {keys.map(([key, label]) => (
                <div key={key}>
                  <dt>{label}</dt>
                  <dd>
                    <KeyHint keys={key ?? ''} />
                    <VisuallyHidden>{key}</VisuallyHidden>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </SimpleGrid>
    </Modal>
  );
}
