import type { FleetMood, FleetWord } from './fleet-mood.ts';

/** Whether the desktop shows tray icons; `unknown` until it was asked. */
export type TrayHost = 'unknown' | 'present' | 'absent';

export interface TrayState {
  readonly word: FleetWord;
  readonly window: 'open' | 'closed';
  readonly host: TrayHost;
  /** On macOS an app without windows stays in the dock, with a tray or without. */
  readonly hasDock: boolean;
  /** Something went wrong while the window was closed, and nobody has looked since. */
  readonly unseen: string | null;
  readonly quitting: boolean;
}

export type TrayEvent =
  | { readonly type: 'fleet'; readonly word: FleetWord }
  /** Something that calls for a person: a failed job, a node that went offline. */
  | { readonly type: 'alarm'; readonly sentence: string }
  | { readonly type: 'tray-host'; readonly host: 'present' | 'absent' }
  | { readonly type: 'window-opened' }
  /** The person asks to close the window; nothing has happened yet. */
  | { readonly type: 'close-asked' }
  | { readonly type: 'quit-asked' }
  /** The program is ending already, by whatever way. */
  | { readonly type: 'quit-began' };

export type TrayIconName = FleetMood;

/** What the tray shows. `null`: no icon, because nothing would show it. */
export type TrayFace = {
  readonly icon: TrayIconName;
  readonly tooltip: string;
  readonly menu: readonly TrayMenuItem[];
} | null;

export interface TrayMenuItem {
  readonly does: 'open' | 'show-alarm' | 'quit' | 'nothing';
  readonly label: string;
}

/** What happens to the window: it hides into the tray, opens, or the program ends. */
export type TrayEffect = 'hide-window' | 'open-window' | 'quit' | null;

export const freshTray: Omit<TrayState, 'hasDock'> = {
  word: { mood: 'starting', sentence: 'Starting' },
  window: 'closed',
  host: 'unknown',
  unseen: null,
  quitting: false,
};

/**
 * The tray, whole: every state takes every event. Closing the window hides it only where the person can get it back: by
 * a tray icon or the dock. Stock GNOME has no tray, so there closing ends the program; what is not signed waits in the
 * outbox on disk.
 */
export function decideTray(
  state: TrayState,
  event: TrayEvent,
): { readonly state: TrayState; readonly effect: TrayEffect } {
  switch (event.type) {
    case 'fleet':
      return { state: { ...state, word: event.word }, effect: null };
    case 'alarm':
      // With the window open the screen itself tells.
      return { state: state.window === 'closed' ? { ...state, unseen: event.sentence } : state, effect: null };
    case 'tray-host': {
      const lost = event.host === 'absent' && state.window === 'closed' && !state.hasDock && !state.quitting;
      // The tray went away with the window in it: bring it back rather than leave a program that nobody can reach.
      return lost
        ? { state: { ...state, host: event.host, window: 'open', unseen: null }, effect: 'open-window' }
        : { state: { ...state, host: event.host }, effect: null };
    }
    case 'window-opened':
      return { state: { ...state, window: 'open', unseen: null }, effect: null };
    case 'close-asked': {
      const closed: TrayState = { ...state, window: 'closed' };
      if (state.quitting) return { state: closed, effect: null };
      if (state.host === 'present' || state.hasDock) return { state: closed, effect: 'hide-window' };
      return { state: { ...closed, quitting: true }, effect: 'quit' };
    }
    case 'quit-began':
      return { state: { ...state, quitting: true }, effect: null };
    case 'quit-asked':
      return { state: { ...state, quitting: true }, effect: state.quitting ? null : 'quit' };
  }
}

/** What the tray shows in a state. */
export function faceOf(state: TrayState): TrayFace {
  if (state.host !== 'present' || state.quitting) return null;
  const { mood, sentence } = state.word;
  const menu: TrayMenuItem[] = [
    ...(state.unseen === null ? [] : [{ does: 'show-alarm' as const, label: state.unseen }]),
    { does: 'nothing', label: sentence },
    { does: 'open', label: 'Open Overseer' },
    { does: 'quit', label: 'Quit Overseer' },
  ];
  return {
    icon: state.unseen === null ? mood : 'alert',
    tooltip: `Overseer: ${state.unseen ?? sentence}`,
    menu,
  };
}
