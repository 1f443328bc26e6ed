import { words } from '#renderer/words/index.ts';
import type { Fault } from '#shared/kernel/index.ts';

const TAB_OF_FIELD: Readonly<Record<string, keyof typeof words.apps.tabs>> = {
  compose: 'compose',
  env: 'environment',
  secrets: 'secrets',
  routes: 'routes',
  hostname: 'routes',
  policies: 'settings',
  exceptions: 'settings',
  node: 'settings',
};

/** Where on the app's screen a fault is mended, by the field it names. */
export function linkOfFault(fault: Fault, appId: string): { href: string; label: string } | undefined {
  const field = fault.field?.split(/[./]/)[0] ?? '';
  const tab = Object.hasOwn(TAB_OF_FIELD, field) ? TAB_OF_FIELD[field] : undefined;
  if (tab !== undefined) return { href: `/apps/${appId}/${tab}`, label: words.apps.goToTab(words.apps.tabs[tab]) };
  if (fault.code.startsWith('compose.') || fault.code.startsWith('gate.'))
    return { href: `/apps/${appId}/compose`, label: words.apps.goToTab(words.apps.tabs.compose) };
  return undefined;
}
