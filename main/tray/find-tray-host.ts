/** Runs a program and gives what it wrote, or undefined when it is absent, failed or took too long. */
export type RunProgram = (file: string, args: readonly string[]) => Promise<string | undefined>;

const busName = 'org.kde.StatusNotifierWatcher';

/** Two programs that can ask the session bus; one of them is on nearly every Linux desktop. */
const questions: readonly (readonly [string, readonly string[], string])[] = [
  [
    'gdbus',
    [
      ...['call', '--session', '--timeout', '2', '--dest', 'org.freedesktop.DBus'],
      ...['--object-path', '/org/freedesktop/DBus', '--method', 'org.freedesktop.DBus.NameHasOwner', busName],
    ],
    '(true,)',
  ],
  [
    'busctl',
    [
      ...['--user', '--timeout=2', 'call', 'org.freedesktop.DBus', '/org/freedesktop/DBus'],
      ...['org.freedesktop.DBus', 'NameHasOwner', 's', busName],
    ],
    'b true',
  ],
];

/**
 * Whether this desktop shows tray icons. Windows and macOS always do. On Linux somebody has to own the name that icons
 * register with; stock GNOME has nobody there, and Electron does not tell. When it can not be found out, it counts as
 * absent: an app that stays visible is the smaller mistake.
 */
export async function findTrayHost(platform: NodeJS.Platform, run: RunProgram): Promise<'present' | 'absent'> {
  if (platform === 'win32' || platform === 'darwin') return 'present';
  for (const [file, args, yes] of questions) {
    const answer = await run(file, args);
    if (answer !== undefined) return answer.trim() === yes ? 'present' : 'absent';
  }
  return 'absent';
}
