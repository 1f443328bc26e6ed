import { words } from '#renderer/words/index.ts';

/** Whether these screens run in the desktop, whose code does not come from the core. */
export const isDesktop = /\bElectron\//.test(navigator.userAgent);

const browsers: readonly [RegExp, string][] = [
  [/\bEdg\//, 'Edge'],
  [/\bFirefox\//, 'Firefox'],
  [/\bChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const systems: readonly [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/Windows/, 'Windows'],
  [/Linux/, 'Linux'],
];

/** A name that a person knows this device by, for instance `Firefox on Linux`. */
export function guessDeviceName(userAgent: string, isDesktopProgram: boolean): string {
  const find = (list: readonly [RegExp, string][]) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const program = isDesktopProgram
    ? words.firstRun.names.desktopProgram
    : (find(browsers) ?? words.firstRun.names.browser);
  const system = find(systems);
  return system ? words.firstRun.names.deviceOn(program, system) : program;
}
