import type { MenuItemConstructorOptions } from 'electron';

export interface MenuAbout {
  readonly platform: NodeJS.Platform;
  readonly isPackaged: boolean;
  readonly startsAtLogin: boolean;
  setStartsAtLogin(on: boolean): void;
  show(path: string): void;
  quit(): void;
}

/**
 * The menu, with the roles and shortcuts that people know from other programs. Quit is ours everywhere: a window that
 * hides when it is closed must still let the program end.
 */
export function menuTemplate(about: MenuAbout): MenuItemConstructorOptions[] {
  const isMac = about.platform === 'darwin';
  const atLogin: MenuItemConstructorOptions = {
    label: 'Start at Login',
    type: 'checkbox',
    checked: about.startsAtLogin,
    click: (item) => about.setStartsAtLogin(item.checked),
  };
  const quit: MenuItemConstructorOptions = {
    label: isMac ? 'Quit Overseer' : 'Quit',
    accelerator: 'CommandOrControl+Q',
    click: () => about.quit(),
  };
  const screen = (label: string, path: string, key: string): MenuItemConstructorOptions => ({
    label,
    accelerator: `CommandOrControl+${key}`,
    click: () => about.show(path),
  });
  return [
    ...(isMac
      ? [
          {
            label: 'Overseer',
            submenu: [
              { role: 'about' as const },
              atLogin,
              { role: 'services' as const },
              { role: 'hide' as const },
              { role: 'hideOthers' as const },
              { role: 'unhide' as const },
              quit,
            ],
          },
        ]
      : []),
    { label: 'File', submenu: [{ role: 'close' }, ...(isMac ? [] : [atLogin, quit])] },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        screen('Overview', '/', '1'),
        screen('Nodes', '/nodes', '2'),
        screen('Apps', '/apps', '3'),
        { type: 'separator' },
        { role: 'reload' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(about.isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
      ],
    },
    { role: 'windowMenu' },
  ];
}
