/** Words of the screen of devices and people. */
export const devices = {
  title: 'Devices',
  intro: 'Who may do what. Servers obey what these devices sign, and nothing else.',
  columns: { name: 'Device', person: 'Person', role: 'May' },
  thisOne: 'this device',
  kinds: { desktop: 'Desktop', cli: 'Command line', browser: 'Browser', automation: 'Automation' },
  roles: {
    owner: 'Owner',
    'provisional-owner': 'Provisional owner',
    operator: 'Operator',
    viewer: 'Viewer',
    automation: 'By grants',
  },
  may: {
    owner: 'Everything: deploys, lets servers and devices in, sets ingress and connectors, deletes data.',
    'provisional-owner': 'Everything, until the first desktop or command line joins. Then it becomes an operator.',
    operator: 'Edits, deploys, rolls back, stops, starts and removes apps without their data; reads logs.',
    viewer: 'Looks, and changes nothing.',
    automation: 'What its grants say, and nothing without them. See “overseer grants list”.',
  },
  requests: {
    title: 'Asking to be let in',
    expires: 'expires',
    answer: 'Answer',
    code: 'Code on this device',
    compare: (name: string) => `Does ${name} show the same code?`,
    compareHelp:
      'Look at its screen, not at a message about it. If one letter differs, somebody sits between you: refuse.',
    approve: 'It is the same: let it in',
    refuse: 'Refuse',
    refused: (name: string) => `${name} was refused.`,
    approved: (name: string) => `${name} is in.`,
    operator: 'An owner’s device has to let it in. Run this there:',
    command: 'Command for an owner’s device',
  },
  provisional: {
    title: 'This browser is a provisional owner',
    text: 'Its code comes from the core each time, so a core that is taken over could order in its name. Let a desktop or command line in: it becomes the owner, and from then on no core can give orders.',
    command: 'Run this on your own computer',
  },
  add: {
    title: 'Let another device in',
    text: 'On the new device, choose this fleet: a browser by opening this page’s address, a command line by the line below. It then shows a code, and asks here.',
    command: 'On the new device',
  },
} as const;
