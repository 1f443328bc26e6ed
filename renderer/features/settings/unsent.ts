import { words } from '#renderer/words/index.ts';
import type { SessionView } from '#shared/contracts/ipc/index.ts';

/** What the core does not have yet, in words; empty when it has all. */
export function unsentTexts({ rows, intents }: SessionView['unsent']): string[] {
  const { offline } = words.settings;
  return [...(rows > 0 ? [offline.rows(rows)] : []), ...(intents > 0 ? [offline.intents(intents)] : [])];
}

/** What is lost when this device is forgotten, each a line. */
export function lossesOf(session: Pick<SessionView, 'unsent' | 'device'>): string[] {
  const { losses } = words.settings.forget;
  const { rows, intents } = session.unsent;
  const role = session.device?.role;
  return [
    losses.keys,
    ...(rows > 0 ? [losses.rows(rows)] : []),
    ...(intents > 0 ? [losses.intents(intents)] : []),
    ...(role === 'owner' || role === 'provisional-owner' ? [losses.owner] : []),
  ];
}
