import { describe, expect, it } from 'vitest';
import { decideTray, faceOf, freshTray, type TrayEvent, type TrayHost, type TrayState } from './decide-tray.ts';
import { fleetMoods } from './fleet-mood.ts';

const both = [true, false] as const;
const hosts: readonly TrayHost[] = ['unknown', 'present', 'absent'];
const states: TrayState[] = fleetMoods.flatMap((mood) =>
  hosts.flatMap((host) =>
    (['open', 'closed'] as const).flatMap((window) =>
      both.flatMap((hasDock) =>
        both.flatMap((quitting) =>
          [null, 'nas is offline'].map((unseen) => ({
            word: { mood, sentence: mood },
            window,
            host,
            hasDock,
            unseen,
            quitting,
          })),
        ),
      ),
    ),
  ),
);
const events: TrayEvent[] = [
  ...fleetMoods.map((mood) => ({ type: 'fleet' as const, word: { mood, sentence: `now ${mood}` } })),
  { type: 'alarm', sentence: 'deploy failed' },
  { type: 'tray-host', host: 'present' },
  { type: 'tray-host', host: 'absent' },
  { type: 'window-opened' },
  { type: 'close-asked' },
  { type: 'quit-asked' },
  { type: 'quit-began' },
];

describe('every state takes every event', () => {
  it.each(events.map((event) => [event.type, event] as const))('%s', (_type, event) => {
    for (const state of states) {
      const next = decideTray(state, event);
      const about = JSON.stringify({ state, event, next });
      // A hidden window can be brought back, by the tray or the dock.
      if (next.effect === 'hide-window') expect(state.host === 'present' || state.hasDock, about).toBe(true);
      if (event.type === 'close-asked' && state.host !== 'present' && !state.hasDock && !state.quitting) {
        expect(next.effect, about).toBe('quit');
      }
      // The program ends once, and nothing brings windows back while it does.
      if (state.quitting) expect(next.effect, about).toBeNull();
      expect(next.state.quitting, about).toBe(state.quitting || next.effect === 'quit' || event.type === 'quit-began');
      // What went wrong unseen is forgotten only when a window opens.
      if (state.unseen !== null && next.state.unseen === null) expect(next.state.window, about).toBe('open');
      if (event.type === 'alarm' && state.window === 'open') expect(next.state.unseen, about).toBe(state.unseen);
      if (event.type === 'alarm' && state.window === 'closed') expect(next.state.unseen, about).toBe('deploy failed');
      if (event.type === 'fleet') expect(next.state.word, about).toEqual(event.word);
    }
  });

  it('there is an icon exactly where something shows it, and its menu always opens and quits', () => {
    for (const state of states) {
      const face = faceOf(state);
      expect(face !== null, JSON.stringify(state)).toBe(state.host === 'present' && !state.quitting);
      if (face === null) continue;
      expect(face.menu.map((item) => item.does)).toEqual(expect.arrayContaining(['open', 'quit']));
      expect(face.icon).toBe(state.unseen === null ? state.word.mood : 'alert');
      expect(face.tooltip).toContain(state.unseen ?? state.word.sentence);
    }
  });
});

it('a node that goes offline with the window closed stays told until the window opens', () => {
  let state: TrayState = { ...freshTray, hasDock: false, host: 'present' };
  state = decideTray(state, { type: 'alarm', sentence: 'nas is offline' }).state;
  state = decideTray(state, { type: 'fleet', word: { mood: 'good', sentence: 'All well' } }).state;
  expect(faceOf(state)).toMatchObject({ icon: 'alert', tooltip: 'Overseer: nas is offline' });
  expect(faceOf(state)?.menu[0]).toEqual({ does: 'show-alarm', label: 'nas is offline' });
  state = decideTray(state, { type: 'window-opened' }).state;
  expect(faceOf(state)).toMatchObject({ icon: 'good', tooltip: 'Overseer: All well' });
});

it('a tray that goes away with the window in it brings the window back', () => {
  const hidden: TrayState = { ...freshTray, hasDock: false, host: 'present' };
  expect(decideTray(hidden, { type: 'tray-host', host: 'absent' })).toMatchObject({
    effect: 'open-window',
    state: { window: 'open' },
  });
});
