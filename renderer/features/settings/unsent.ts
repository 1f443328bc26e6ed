import { words } from '#renderer/words/index.ts';
import type { SessionView } from '#shared/contracts/ipc/index.ts';

/** What the core does not have yet, in words; empty when it has all. */
export function unsentTexts({ rows, intents, refused }: SessionView['unsent']): string[] {
  const { offline } = words.settings;
  return [
    ...(rows > 0 ? [offline.rows(rows)] : []),
    ...(intents > 0 ? [offline.intents(intents)] : []),
    ...(refused > 0 ? [offline.refused(refused)] : []),
  ];
}

/** What is lost when this device is forgotten, each a line. */
export function lossesOf(session: Pick<SessionView, 'unsent' | 'device'>): string[] {
  const { losses } = words.settings.forget;
  const { rows, intents, refused } = session.unsent;
  const role = session.device?.role;
  return [
    losses.keys,
    ...(rows > 0 ? [losses.rows(rows)] : []),
    ...(intents > 0 ? [losses.intents(intents)] : []),
    ...(refused > 0 ? [losses.refused(refused)] : []),
    ...(role === 'owner' || role === 'provisional-owner' ? [losses.owner] : []),
  ];
}
