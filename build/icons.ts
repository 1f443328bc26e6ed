/** `node build/run.mjs icons`: draws the desktop's tray icons anew into main/tray/icons. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trayIcons } from './desktop/tray-icons.ts';

for (const [name, bytes] of trayIcons()) writeFileSync(join('main/tray/icons', name), bytes);
console.log('wrote main/tray/icons');
