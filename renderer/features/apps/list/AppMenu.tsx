import { Menu } from '@mantine/core';
import {
  IconArrowBackUp,
  IconDotsVertical,
  IconFileText,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconRocket,
  IconTrash,
} from '@tabler/icons-react';
import { type ComponentPropsWithRef, useEffect, useRef, useState } from 'react';
import { words } from '#renderer/words/index.ts';
import type { AppRow } from '#shared/contracts/ipc/index.ts';
import { useAct } from '../orders/use-act.ts';
import classes from './AppsScreen.module.css';
import { type AppAction, actionsOf } from './app-actions.ts';

export const actionIcons = {
  deploy: IconRocket,
  start: IconPlayerPlay,
  stop: IconPlayerStop,
  restart: IconRefresh,
  rollback: IconArrowBackUp,
  logs: IconFileText,
  remove: IconTrash,
  discard: IconTrash,
} as const satisfies Record<AppAction, typeof IconTrash>;

/** What can be done with one app, behind three dots. Each row has them: the menu itself is made when it is asked for. */
export function AppMenu({ row }: { row: AppRow }) {
  const [isAsked, setAsked] = useState(false);
  const actions = actionsOf(row);
  if (actions.length === 0) return null;
  if (isAsked) return <OpenedMenu row={row} actions={actions} />;
  return <Dots row={row} aria-haspopup="menu" aria-expanded={false} onClick={() => setAsked(true)} />;
}

function OpenedMenu({ row, actions }: { row: AppRow; actions: readonly AppAction[] }) {
  const act = useAct();
  const [opened, setOpened] = useState(false);
  const dots = useRef<HTMLButtonElement>(null);
  // It opens from the button that has taken the place of the pressed one, so that the focus comes back to it.
  useEffect(() => {
    dots.current?.focus();
    setOpened(true);
  }, []);
  return (
    <Menu withinPortal opened={opened} onChange={setOpened}>
      <Menu.Target>
        <Dots row={row} ref={dots} />
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) => {
          const Shown = actionIcons[action];
          const isDanger = action === 'remove' || action === 'discard';
          return (
            <Menu.Item
              key={action}
              color={isDanger ? 'red' : undefined}
              leftSection={<Shown size={16} aria-hidden />}
              onClick={() => act(action, [row])}
            >
              {words.apps.menu[action]}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

function Dots({ row, ...props }: { row: AppRow } & ComponentPropsWithRef<'button'>) {
  return (
    <button type="button" {...props} className={classes.dots} aria-label={words.apps.menuOf(row.name)}>
      <IconDotsVertical size={18} aria-hidden />
    </button>
  );
}
