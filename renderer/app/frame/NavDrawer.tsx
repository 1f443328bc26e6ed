import { Drawer } from '@mantine/core';
import { useLocation } from 'wouter';
import { words } from '#renderer/words/index.ts';
import { NavLinks } from './NavLinks.tsx';

/** The whole navigation, over a small screen. */
export function NavDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="bottom"
      styles={{ content: { height: 'auto' }, body: { padding: '0 0 16px' } }}
      title={words.app.menu}
      closeButtonProps={{ 'aria-label': words.app.closeMenu }}
    >
      <LocatedNav onGo={onClose} />
    </Drawer>
  );
}

function LocatedNav({ onGo }: { onGo: () => void }) {
  const [location] = useLocation();
  return (
    <nav aria-label={words.app.menu}>
      <NavLinks location={location} onGo={onGo} />
    </nav>
  );
}
