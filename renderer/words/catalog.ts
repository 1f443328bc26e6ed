/** Words of the wizard that deploys an app. */
const deploy = {
  title: (name: string) => `Deploy ${name}`,
  back: 'Catalogue',
  progress: 'Steps to the app',
  steps: { set: 'Choose', plan: 'Look at the plan', run: 'Watch it come up' },
  where: 'Where it goes',
  planTitle: (name: string) => `What happens to bring up ${name}`,
  noNode: {
    title: 'First a server',
    text: 'An app needs a server to run on. Adding one takes a minute.',
    action: 'Add a server',
  },
  node: {
    label: 'Server',
    help: 'Where it runs.',
    choose: 'Choose a server',
    online: 'online',
    offline: 'offline: it is deployed when the server is back',
    unknown: 'not heard yet',
    noIngress: 'This server has no ingress, so its apps have no public name.',
    setUpIngress: 'Set up ingress',
    noDocker: 'This server has no Docker engine.',
  },
  name: {
    label: 'Name of the app',
    help: 'For you, in lists and commands.',
    problems: {
      empty: 'Give it a name.',
      malformed: 'Lower-case letters, digits and hyphens, at most 63.',
      taken: 'An app has this name already.',
    },
  },
  hostname: {
    label: 'Public name',
    legend: 'Where it is reached',
    withName: 'At its own https address',
    without: 'No public name',
    withoutHelp: 'Only other apps and the server itself reach it. A name can be given later.',
    placeholder: 'feeds.example.com',
    help: 'Record, certificate and route are made for it.',
    suggestions: 'Also free',
    empty: 'Give a name, or choose “No public name”.',
    taken: (appName: string) => `${appName} has this name already.`,
    zoneKept: (zone: string) => `Free. The record in ${zone} is made by itself.`,
    anyZoneKept: 'Free. The record is made by itself if the DNS token reaches this domain.',
    byHand: 'Free. No DNS provider here keeps this domain: the plan names the record to make by hand.',
    notRouted: 'This app needs no public name: other apps reach it on its server.',
  },
  address: {
    label: 'Address that visitors reach',
    help: 'The record points there. The ingress of this server names none: give your router’s or the server’s public address.',
  },
  inputs: {
    title: 'Settings',
    none: 'Nothing to set: the defaults do.',
    optional: 'optional',
    missing: 'This is needed.',
    pattern: (hint: string) => `It must be ${hint}.`,
    tooLong: 'One line of at most 1000 characters.',
    option: 'Choose one of the list.',
    number: (min: number | null, max: number | null) =>
      min !== null && max !== null
        ? `A whole number from ${min} to ${max}.`
        : min !== null
          ? `A whole number, at least ${min}.`
          : max !== null
            ? `A whole number, at most ${max}.`
            : 'A whole number.',
    default: (value: string) => `Default: ${value}`,
  },
  secrets: {
    title: 'Secrets made for you',
    text: 'Made at random on this device and sealed to the server. Nobody has to see them.',
    shown: 'You can reveal it later under Secrets.',
  },
  volumes: { title: 'Data it keeps', text: 'Volumes stay when the app is removed, unless you name them.' },
  compose: { title: 'Compose file', show: 'Show the Compose file', hide: 'Hide the Compose file' },
  review: 'See the plan',
  edit: 'Change something',
  leave: {
    title: 'Leave this app?',
    text: (name: string) =>
      `Nothing of ${name} runs yet. Keep it as a draft under Apps and go on later, or discard it. Either way nothing on the server changes.`,
    keep: 'Keep the draft',
    discard: 'Discard it',
    stay: 'Stay here',
    cancel: 'Leave',
    note: 'Nothing runs yet. If you go elsewhere now, it stays as a draft under Apps.',
    kept: (name: string) => `${name} is a draft under Apps; nothing runs yet.`,
    discarded: (name: string) => `${name} is discarded.`,
  },
  done: { app: 'Look at the app', another: 'Deploy another' },
} as const;

/** Words of the page for one's own Compose file. */
const compose = {
  title: 'Deploy your own Compose file',
  intro: 'Paste any Compose file: it is checked as you type, and nothing happens before you have seen the plan.',
  empty: 'Paste a Compose file first.',
  help: 'Paste it, or drop the file anywhere on this page.',
  choose: 'Choose a file',
  tooLarge: 'A Compose file has at most 262,144 characters.',
  notText: 'This file is no text.',
  example: 'Begin with an example',
  services: { title: 'Services found', image: 'no image named' },
  route: {
    service: 'Service that visitors reach',
    port: 'Its port inside the container',
    portHelp: 'What the service listens on, for instance 8080. Not a published port.',
    badPort: 'A port is a number from 1 to 65535.',
    portMissing: 'Give the port it listens on.',
  },
  secrets: {
    title: 'Secrets it names',
    text: 'They reach the container as files in memory. Those you leave empty are made at random.',
    label: (name: string) => `Secret ${name}`,
    generated: 'made at random',
    show: (name: string) => `Show what was typed for ${name}`,
    uses: (services: string) => `used by ${services}`,
  },
  variables: {
    title: 'Variables it names',
    text: 'Plain values that the file takes from outside. The core can read them: no passwords here. One left empty is put in as nothing.',
    label: (name: string) => `Variable ${name}`,
  },
} as const;

/** Words of the catalogue. */
export const catalog = {
  deploy,
  compose,
  title: 'Catalogue',
  intro:
    'Apps that are ready to run. Each is a Compose file with good defaults, and you see the whole plan before anything happens.',
  search: 'Search apps',
  again: 'Try again',
  own: 'Bring your own Compose file',
  count: (count: number) => (count === 1 ? '1 app' : `${count} apps`),
  noMatch: { title: 'No app fits', text: 'Any Compose file will do instead.' },
  empty: { title: 'The catalogue is empty' },
  version: (version: string) => `Version ${version}`,
  website: 'Website',
  missing: { title: 'The catalogue has no such app', back: 'All apps' },
} as const;
