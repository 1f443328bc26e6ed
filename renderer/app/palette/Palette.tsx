import '@mantine/spotlight/styles.css';
import { useMantineColorScheme } from '@mantine/core';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { IconBolt, IconBox, IconLayoutList, IconSearch, IconServer2 } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { useBridge, useRows } from '#renderer/bridge/index.ts';
import { notifyDone, notifyFault } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { navEntries } from '../frame/nav-entries.ts';
import { routes } from '../routes.ts';
import { OrderDialog, type OrderWish } from './OrderDialog.tsx';
import { type PaletteEntry, paletteEntries } from './palette-entries.ts';

const [store, spotlight] = createSpotlight();
const icons = { screens: IconLayoutList, apps: IconBox, nodes: IconServer2, actions: IconBolt } as const;
const order = ['apps', 'actions', 'nodes', 'screens'] as const;
const paths: ReadonlySet<string> = new Set(routes.map(({ path }) => path));
const screens: readonly PaletteEntry[] = navEntries.map(({ path, label }) => ({
  id: `screen ${path}`,
  group: 'screens',
  label,
  deed: { kind: 'go', path },
}));
const text = words.app.palette;

/** Everything by name: apps, what can be done with them, nodes, screens. */
export function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [query, setQuery] = useState('');
  const [wish, setWish] = useState<OrderWish | null>(null);
  const [, navigate] = useLocation();
  const bridge = useBridge();
  const { setColorScheme } = useMantineColorScheme();
  const { rows: apps } = useRows('apps', opened ? {} : null);
  const { rows: nodes } = useRows('nodes', opened ? {} : null);
  useEffect(() => {
    if (opened) spotlight.open();
    else spotlight.close();
  }, [opened]);

  const entries = useMemo(
    () => paletteEntries(query, { apps, nodes, screens, has: (path) => paths.has(path) }),
    [query, apps, nodes],
  );
  const restart = async (appId: string, name: string) => {
    const answer = await bridge.call('restartApp', { appId });
    if (answer.ok) notifyDone(text.restarted(name));
    else notifyFault(answer.error);
  };
  const choose = ({ deed }: PaletteEntry) => {
    switch (deed.kind) {
      case 'go':
        return navigate(deed.path);
      case 'visit':
        return void window.open(deed.url, '_blank', 'noreferrer');
      case 'restart':
        return void restart(deed.appId, deed.name);
      case 'scheme':
        return setColorScheme(deed.scheme);
      case 'order':
        return setWish(deed);
    }
  };

  return (
    <>
      <Spotlight.Root
        store={store}
        query={query}
        onQueryChange={setQuery}
        onSpotlightClose={onClose}
        shortcut={null}
        scrollable
        maxHeight={480}
        centered={false}
        yOffset="12vh"
        overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
        transitionProps={{ duration: 100 }}
        // The title only names the dialog: the field below says the same to eyes.
        title={text.label}
        styles={{ header: { display: 'none' }, actionDescription: { color: 'inherit', opacity: 1 } }}
      >
        <Spotlight.Search
          placeholder={text.placeholder}
          aria-label={text.label}
          leftSection={<IconSearch size={18} aria-hidden />}
        />
        <Spotlight.ActionsList>
          {order.map((group) => {
            const own = entries.filter((entry) => entry.group === group);
            const Shown = icons[group];
            if (own.length === 0) return null;
            return (
              <Spotlight.ActionsGroup key={group} label={text[group]}>
                {own.map((entry) => (
                  <Spotlight.Action
                    key={entry.id}
                    label={entry.label}
                    description={entry.hint}
                    leftSection={<Shown size={18} stroke={1.5} aria-hidden />}
                    onClick={() => choose(entry)}
                  />
                ))}
              </Spotlight.ActionsGroup>
            );
          })}
          {entries.length === 0 && <Spotlight.Empty>{text.nothing}</Spotlight.Empty>}
        </Spotlight.ActionsList>
      </Spotlight.Root>
      <OrderDialog wish={wish} onClose={() => setWish(null)} />
    </>
  );
}
