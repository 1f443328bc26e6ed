import { ActionIcon, Tooltip } from '@mantine/core';
import { IconKeyboard, IconSearch } from '@tabler/icons-react';
import { useValue } from '#renderer/bridge/index.ts';
import { KeyHint } from '#renderer/ui/index.ts';
import { words } from '#renderer/words/index.ts';
import { ContactStatus } from './ContactStatus.tsx';
import classes from './Header.module.css';
import { RoleBadge } from './RoleBadge.tsx';
import shell from './Shell.module.css';
import { ThemeMenu } from './ThemeMenu.tsx';

/** Above every screen: the fleet's name, the way to everything, and how it stands with the core. */
export function Header({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  const { value: session } = useValue('session', {});
  return (
    <header className={shell.header}>
      <span className={classes.fleet}>{session?.fleet?.name}</span>
      <button type="button" className={classes.search} onClick={onSearch}>
        <IconSearch size={16} aria-hidden />
        <span className={classes.searchText}>{words.app.search}</span>
        <KeyHint keys="mod+k" />
      </button>
      <div className={classes.end}>
        {session && <RoleBadge session={session} />}
        {session && <ContactStatus session={session} />}
        <ThemeMenu />
        <Tooltip label={words.app.keysHelp}>
          <ActionIcon
            variant="subtle"
            color="gray"
            className={classes.wide}
            aria-label={words.app.keysHelp}
            onClick={onHelp}
          >
            <IconKeyboard size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
    </header>
  );
}
