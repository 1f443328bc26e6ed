import { ActionIcon, Menu } from '@mantine/core';
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
import { words } from '#renderer/words/index.ts';
import type { AppRow } from '#shared/contracts/ipc/index.ts';
import { useAct } from '../orders/use-act.ts';
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

/** What can be done with one app, behind three dots. */
export function AppMenu({ row }: { row: AppRow }) {
  const act = useAct();
  const actions = actionsOf(row);
  if (actions.length === 0) return null;
  return (
    <Menu withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={words.apps.menuOf(row.name)}>
          <IconDotsVertical size={18} aria-hidden />
        </ActionIcon>
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
