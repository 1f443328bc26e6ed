/** Words of the screen of all that is pending. */
export const plan = {
  title: 'Plan',
  intro: 'Everything that you changed and that does not run yet, in one place. Nothing happens before you confirm it.',
  empty: {
    title: 'Nothing is pending',
    text: 'What runs is what you asked for. Change an app, and what that would do shows here, also while the core is away.',
    action: 'Look at the apps',
  },
  away: 'The core is away. What you confirm is kept on this device, and signed and sent when it is back.',
  summary: (apps: number, waiting: number, stuck: number) =>
    [
      apps === 0 ? '' : apps === 1 ? '1 app to confirm' : `${apps} apps to confirm`,
      waiting === 0 ? '' : waiting === 1 ? '1 change waits for the core' : `${waiting} changes wait for the core`,
      stuck === 0 ? '' : stuck === 1 ? '1 needs a decision' : `${stuck} need a decision`,
    ]
      .filter(Boolean)
      .join(' · '),
  asOf: 'Compared with what was known',
  confirmAll: (count: number) => `Confirm all ${count}`,
  confirmAllTitle: (count: number) => `Confirm ${count} changes?`,
  confirmAllText: 'Each is signed and sent by itself:',
  confirmAllLeaves:
    'Plans that delete data, pass a guardrail by, have something in their way or need an owner’s signature are not among them.',
  confirmed: (count: number) => (count === 1 ? '1 change is confirmed.' : `${count} changes are confirmed.`),
  lines: (count: number) => (count === 1 ? '1 change' : `${count} changes`),
  open: 'Look at it',
  close: 'Fold',
  cancel: 'Not now',
  revert: 'Discard the edits',
  revertTitle: (app: string) => `Discard all edits of ${app}?`,
  revertLoss: 'Every edit since its last signed release',
  revertKeeps: 'What runs stays as it is.',
  discardDraft: 'Discard the draft',
  discardDraftTitle: (app: string) => `Discard the draft ${app}?`,
  discardDraftLoss: 'The app as you set it up, with its secrets. It never ran.',
  reverted: (app: string) => `The edits of ${app} are discarded.`,
  toApp: 'Open the app',
  stuck: 'There is no plan yet',
  stuckLink: { clash: 'Settle the clash', node: 'Choose a server', other: 'Mend it in the app' },
  intent: {
    waiting: 'Confirmed, waits for the core',
    clash: 'Came back: something else was released meanwhile',
    since: 'Confirmed',
    discard: 'Discard',
    discardTitle: (app: string) => `Discard the confirmed change of ${app}?`,
    discardLoss: 'The order that you confirmed. Your edits stay and make a new plan.',
    discarded: 'The confirmed change is discarded.',
  },
} as const;
