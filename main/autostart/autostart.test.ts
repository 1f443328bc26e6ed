import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AppApi } from '../electron-api.ts';
import { createAutostart } from './autostart.ts';
import { desktopEntry } from './desktop-entry.ts';

it('on Linux it is a desktop entry of the autostart folder, gone when it is switched off', () => {
  const folder = mkdtempSync(join(tmpdir(), 'autostart-'));
  const autostart = createAutostart({} as AppApi, 'linux', { configFolder: folder, program: '/opt/Overseer/overseer' });
  const path = join(folder, 'autostart', 'overseer.desktop');
  expect(autostart.isOn()).toBe(false);
  autostart.set(true);
  expect(autostart.isOn()).toBe(true);
  expect(readFileSync(path, 'utf8')).toContain('\nExec="/opt/Overseer/overseer" --hidden\n');
  expect(statSync(path).mode & 0o777).toBe(0o644);
  autostart.set(false);
  autostart.set(false);
  expect(existsSync(path)).toBe(false);
  rmSync(folder, { recursive: true });
});

it('elsewhere it is the system’s own list', () => {
  const set: unknown[] = [];
  const app = {
    getLoginItemSettings: () => ({ openAtLogin: true }),
    setLoginItemSettings: (settings: unknown) => set.push(settings),
  } as unknown as AppApi;
  const autostart = createAutostart(app, 'darwin', { configFolder: '/none', program: '/none' });
  expect(autostart.isOn()).toBe(true);
  autostart.set(false);
  expect(set).toEqual([{ openAtLogin: false, args: ['--hidden'] }]);
});

it.each([
  ['/opt/my apps/overseer', 'Exec="/opt/my apps/overseer" --hidden'],
  ['/opt/a"b/$x`y', 'Exec="/opt/a\\\\"b/\\\\$x\\\\`y" --hidden'],
  ['/opt/100%/o', 'Exec="/opt/100%%/o" --hidden'],
])('a program at %s is quoted by the specification', (program, line) => {
  expect(desktopEntry(program)).toContain(`\n${line}\n`);
});
