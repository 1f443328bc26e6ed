import type { CallName } from '#shared/contracts/ipc/index.ts';

/**
 * Which calls go through a window of the main process where a person sees what it is. The rule: whatever puts an entry
 * into the trust log or a release before a node, gives a secret in clear to the page, or destroys what only this device
 * has. A page that was taken over can ask for these; it can not answer for the person. The table names every call, so
 * that a new one has to be decided on.
 */
export const needsPerson = {
  beginClaim: false,
  finishClaim: true,
  cancelClaim: false,
  beginJoin: false,
  cancelJoin: false,
  /** Deletes its keys, and what was never sent, for ever. */
  forgetDevice: true,
  /** Lets in whichever server brings the invitation back, without another look. */
  inviteNode: true,
  cancelInvitation: false,
  probeNode: false,
  planIngress: false,
  planCloudflare: false,
  testCloudflare: false,
  listCatalog: false,
  readCatalog: false,
  createApp: false,
  discardDraft: false,
  planOrder: false,
  readPlan: false,
  confirmPlan: true,
  discardIntent: false,
  settleRefused: false,
  revertEdits: false,
  settleClash: false,
  readClashes: false,
  /** A momentary command: it changes nothing that lasts. */
  restartApp: false,
  readRelease: false,
  judgeCompose: false,
  /** Edits: nothing of them reaches a node before a plan is confirmed. */
  setSecret: false,
  generateSecret: false,
  removeSecret: false,
  /** A value that the page has got may leave with it. */
  revealSecret: true,
  retryJob: false,
  cancelJob: false,
  listAudit: false,
  verifyAudit: false,
  exportAudit: false,
  /** A page that was taken over must not make them go away. */
  settleAlarms: true,
  answerDevice: false,
  approveDevice: true,
  refuseDevice: false,
  planProposal: false,
  /** An unsigned wish is let go of: nothing that runs or is wanted changes. */
  declineProposal: false,
  retryContact: false,
  dismissNotice: false,
} as const satisfies Record<CallName, boolean>;

/** The calls that need a person. */
export type PersonCall = { [N in CallName]: (typeof needsPerson)[N] extends true ? N : never }[CallName];

/** Whether a person has to see this call before it goes on. */
export function isPersonCall(name: CallName): name is PersonCall {
  return needsPerson[name];
}
