export * from './audit/chain.ts';
export * from './audit/core-entry.ts';
export * from './audit/entries.ts';
export * from './audit/export-lines.ts';
export * from './audit/linked-heads.ts';
export * from './audit/verify-audit.ts';
export * from './commands/command.ts';
export * from './commands/decide-command.ts';
export * from './common-fields.ts';
export * from './enrolment/approval-code.ts';
export * from './enrolment/approval-ticket.ts';
export * from './enrolment/device-approval.ts';
export * from './enrolment/request.ts';
export * from './enrolment/setup-code.ts';
export {
  admitHash,
  createEnrolmentToken,
  deriveAdmit,
  deriveBind,
  type EnrolmentToken,
  parseEnrolmentToken,
  writeEnrolmentToken,
} from './enrolment/token.ts';
export * from './envelopes/envelope.ts';
export * from './envelopes/kinds.ts';
export { type OpenExpectation, type Opened, openEnvelope } from './envelopes/open-envelope.ts';
export * from './envelopes/parse-envelope.ts';
export * from './envelopes/sign-envelope.ts';
export * from './formats.ts';
export * from './holding/decide-hold.ts';
export * from './holding/decide-statement.ts';
export * from './holding/statement.ts';
export * from './holding/time-floor.ts';
export * from './keys/age-recipient.ts';
export * from './keys/kept-signing-key.ts';
export * from './keys/key-id.ts';
export * from './keys/signing-key.ts';
export * from './keys/verify.ts';
export * from './log/answer.ts';
export * from './log/apply-entries.ts';
export * from './log/cutoff.ts';
export * from './log/entries.ts';
export type { LogEntry, LogGraph } from './log/graph.ts';
export * from './log/log-room.ts';
export * from './log/permissions.ts';
export * from './log/sign-entry.ts';
export {
  createTrustState,
  everyTrustKey,
  nodeOfTlsKey,
  ownerRecipients,
  type TrustState,
  trustKeys,
} from './log/state.ts';
export type { AwaitingOwners, EnrolledDevice, RevokedDevice, TrustClash, TrustView } from './log/view.ts';
export * from './log/void-revocations.ts';
export * from './recovery/recovery-key.ts';
export * from './releases/change-set.ts';
export * from './releases/decide-body.ts';
export * from './releases/decide-change-set.ts';
export * from './releases/decide-orders.ts';
export * from './releases/decide-release.ts';
export * from './releases/floor.ts';
export * from './releases/header.ts';
export * from './sealing/passphrase.ts';
export * from './sealing/sealing-key.ts';
export * from './sealing/secret.ts';
export * from './sessions/claim.ts';
export * from './sessions/decide-session.ts';
export * from './streams/receiver.ts';
export * from './streams/sender.ts';
export { MAX_FRAME_BYTES } from './streams/stream-keys.ts';
export * from './strict-json.ts';
export * from './tokens/decide-token.ts';
export * from './tokens/token-order.ts';
export * from './tokens/token-text.ts';
