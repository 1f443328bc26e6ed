import { Button, CloseButton, Text } from '@mantine/core';
import { words } from '#renderer/words/index.ts';
import type { AppRow } from '#shared/contracts/ipc/index.ts';
import { useAct } from '../orders/use-act.ts';
import { actionIcons } from './AppMenu.tsx';
import classes from './AppsScreen.module.css';
import { actionsOfAll } from './app-actions.ts';
import { useSelection } from './selection.ts';

/** What can be done with all marked apps. Only those that the list shows count: nothing unseen is acted on. */
export function SelectionBar({ shown }: { shown: readonly AppRow[] }) {
  const ids = useSelection((state) => state.ids);
  const set = useSelection((state) => state.set);
  const act = useAct();
  if (ids.size === 0) return null;
  const chosen = shown.filter((row) => ids.has(row.id));
  const actions = actionsOfAll(chosen);
  return (
    <section className={classes.selection} aria-label={words.apps.selection}>
      <Text size="sm" fw={600} role="status">
        {words.apps.selected(chosen.length)}
      </Text>
      {actions.map((action) => {
        const Shown = actionIcons[action];
        return (
          <Button
            key={action}
            size="xs"
            variant="default"
            leftSection={<Shown size={14} aria-hidden />}
            onClick={() => act(action, chosen)}
          >
            {words.apps.actions[action]}
          </Button>
        );
      })}
      {chosen.length > 0 && actions.length === 0 && (
        <Text size="sm" c="dimmed">
          {words.apps.nothingInCommon}
        </Text>
      )}
      <span className={classes.grow} />
      {chosen.length < shown.length && (
        <Button size="xs" variant="subtle" onClick={() => set(shown.map((row) => row.id))}>
          {words.apps.selectAll(shown.length)}
        </Button>
      )}
      <CloseButton aria-label={words.apps.selectNone} onClick={() => set([])} />
    </section>
  );
}
