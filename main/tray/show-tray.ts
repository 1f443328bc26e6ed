import { join } from 'node:path';
import type { ElectronApi, TrayIcon } from '../electron-api.ts';
import type { TrayFace, TrayMenuItem } from './decide-tray.ts';

/**
 * Puts faces into the system's tray. The icon is kept here for as long as it is shown: without a reference it would be
 * collected and vanish. On Linux a menu is copied when it is set, so every change sets it again.
 */
export function createTrayShower(
  electron: Pick<ElectronApi, 'Tray' | 'Menu' | 'nativeImage'>,
  iconFolder: string,
  act: (item: TrayMenuItem['does']) => void,
): (face: TrayFace) => void {
  let icon: TrayIcon | null = null;
  let shown = '';
  return (face) => {
    const next = JSON.stringify(face);
    if (next === shown) return;
    shown = next;
    if (face === null) {
      icon?.destroy();
      icon = null;
      return;
    }
    const image = electron.nativeImage.createFromPath(join(iconFolder, `${face.icon}.png`));
    if (icon === null) {
      icon = new electron.Tray(image);
      icon.on('click', () => act('open'));
    } else {
      icon.setImage(image);
    }
    icon.setToolTip(face.tooltip);
    icon.setContextMenu(
      electron.Menu.buildFromTemplate(
        face.menu.map((item) => ({
          label: item.label,
          enabled: item.does !== 'nothing',
          click: () => act(item.does),
        })),
      ),
    );
  };
}
