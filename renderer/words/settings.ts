/** Words of the settings. */
export const settings = {
  title: 'Settings',
  theme: { title: 'Appearance', label: 'Theme', light: 'Light', dark: 'Dark', auto: 'As the system' },
  device: {
    title: 'This device',
    name: 'Name',
    kind: 'Kind',
    role: 'May',
    person: 'Person',
    fleet: 'Fleet',
    id: 'Device id',
  },
  core: {
    title: 'Core',
    address: 'Address',
    version: 'Version',
    screens: 'These screens',
    contact: 'Contact',
    contacts: { connecting: 'Connecting', reachable: 'Reachable', away: 'Away' },
    fingerprint: 'Fingerprint of its key',
    fingerprintHelp:
      'Compare it with what overseer core init printed on the core’s machine. If it differs, somebody sits between you and the core.',
    noFingerprint: 'Not known until the core was reached once.',
  },
  offline: {
    title: 'Offline',
    text: 'This device keeps a copy of your fleet, sealed with a key that never leaves it. You can look, edit and plan with the core away.',
    level: 'Level with the core',
    never: 'not yet',
    unsent: 'Not sent yet',
    nothingUnsent: 'Nothing: the core has all of it',
    rows: (count: number) => (count === 1 ? '1 edit' : `${count} edits`),
    intents: (count: number) => (count === 1 ? '1 confirmed change' : `${count} confirmed changes`),
    refused: (count: number) =>
      count === 1 ? '1 edit that the core did not take' : `${count} edits that the core did not take`,
    storage: 'Storage',
    persisted: 'Kept by the browser until you clear it',
    notPersisted: 'The browser may clear it when the disk is full',
    unknownStorage: 'Kept in this app’s own folder',
    used: 'In use',
    persist: 'Ask the browser to keep it',
    refusedPersist: 'The browser did not agree. Adding this page to your bookmarks or home screen often helps.',
    page: 'Screens without the core',
    pageStates: {
      kept: 'Kept: a reload works with the core away',
      refused: 'Not kept: the browser does not trust the core’s certificate. An open page goes on working.',
      unsupported: 'Not kept: this browser can not.',
    },
  },
  forget: {
    title: 'Forget this device',
    text: 'Removes the keys and the copy of the fleet from here. What runs is not touched; the device stays on the list until an owner removes it.',
    action: 'Forget this device',
    confirm: 'Forget it',
    losses: {
      keys: 'The keys of this device: to come back it has to be let in again',
      rows: (count: number) => (count === 1 ? '1 edit that was never sent' : `${count} edits that were never sent`),
      intents: (count: number) =>
        count === 1 ? '1 confirmed change that was never signed' : `${count} confirmed changes that were never signed`,
      refused: (count: number) =>
        count === 1 ? '1 edit that the core did not take' : `${count} edits that the core did not take`,
      owner: 'The only owner this fleet may have. Without another one, only the recovery words can let a device in.',
    },
    keeps: 'Your servers, apps and their data stay as they are.',
  },
  about: {
    title: 'About',
    text: 'Overseer is free software under the GNU General Public License, version 3 or later. It comes without any warranty.',
    version: 'Version',
    license: 'Licence',
    licenseName: 'GPL-3.0-or-later',
  },
} as const;
