import { z } from 'zod';
import {
  equalBytes,
  err,
  type Fault,
  fault,
  fromBase64Url,
  ok,
  type Random,
  type Result,
  sha256Hex,
  toBase64Url,
  utf8,
} from '#shared/kernel/index.ts';
import { hashSchema, key32Schema } from '../formats.ts';
import { isAgeRecipient } from '../keys/age-recipient.ts';
import { keyIdOf, soundPublicKey } from '../keys/key-id.ts';
import { type Device, deviceSchema } from '../log/entries.ts';
import { describeIssue } from '../payload-fault.ts';
import { parseStrictJson } from '../strict-json.ts';
import { type ApproverAnswer, approvalCode } from './approval-code.ts';

const NONCE_BYTES = 32;
/** An age recipient alone has about 2 KiB. */
export const MAX_IDENTITY_BYTES = 8 * 1024;

/** Kinds of devices that a person approves. Automation is nothing until it is given grants (LOG-11). */
export const APPROVED_KINDS = ['desktop', 'cli', 'browser', 'automation'] as const;

/** What a new device says of itself. It says it in full only after it is bound to it (ENR-7). */
const identitySchema = z.looseObject({
  v: z.literal(1),
  fleet: hashSchema,
  device: deviceSchema.extend({ kind: z.enum(APPROVED_KINDS) }),
});

/** The new device's half of the exchange: `commitment` is sent at once, `identity` and `nonce` after the answer. */
export interface DeviceCommitment {
  /** The exact JSON text: pass it on unchanged. */
  readonly identity: string;
  /** base64url */
  readonly nonce: string;
  /** hex SHA-256 */
  readonly commitment: string;
}

/** ENR-7: the new device's side, first step: it binds itself to its keys and a fresh nonce without showing them. */
export function commitDevice(about: {
  readonly fleet: string;
  readonly device: Device;
  readonly random: Random;
}): DeviceCommitment {
  const { deviceId, name, kind, signKey, ageRecipient } = about.device;
  const device = { deviceId, name, kind, signKey, ageRecipient };
  const identity = JSON.stringify({ v: 1, fleet: about.fleet, device });
  const nonce = createApprovalNonce(about.random);
  return { identity, nonce, commitment: commitmentOf(identity, nonce) };
}

/** A nonce of either side: 32 random bytes as base64url. */
export function createApprovalNonce(random: Random): string {
  return toBase64Url(random.bytes(NONCE_BYTES));
}

/** ENR-8: the new device's side, last step: the code to show, once the approver's nonce is in. */
export function codeOfNewDevice(own: DeviceCommitment, answer: ApproverAnswer, fleet: string): Result<string> {
  const sound = key32Schema.safeParse(answer.nonce).success;
  return sound ? ok(approvalCode({ ...own, fleet, answer })) : err(badReveal('nonce', 'it is not 32 bytes'));
}

/**
 * ENR-7..ENR-9: the approving device's side: what was revealed is what was committed to before the approver's nonce was
 * known, names sound keys and this fleet. The code counts only when a person finds it on the new device.
 */
export function openDeviceReveal(about: {
  readonly fleet: string;
  readonly commitment: string;
  readonly identity: string;
  readonly nonce: string;
  readonly answer: ApproverAnswer;
}): Result<{ device: Device; code: string }> {
  const { fleet, commitment, identity, nonce, answer } = about;
  if (!isRevealOf(commitment, identity, nonce))
    return err(
      fault(
        'enrol.broken-commitment',
        'denied',
        'the new device is not the one that asked: what it says now does not fit what it committed to',
        'refuse it and begin anew; if it happens again, do not trust this core',
        { field: 'identity' },
      ),
    );
  const json = parseStrictJson(identity, { maxBytes: MAX_IDENTITY_BYTES });
  if (!json.ok) return err(badReveal('(whole)', json.error.message));
  const read = identitySchema.safeParse(json.value);
  if (!read.success) {
    const { field, message } = describeIssue(read.error);
    return err(badReveal(field, message));
  }
  const { device } = read.data;
  if (read.data.fleet !== fleet) return err(badReveal('fleet', 'it asks to join another fleet'));
  if (keyIdOf(device.signKey) !== device.deviceId || !soundPublicKey(device.signKey))
    return err(badReveal('device.signKey', 'it is not the key that deviceId is made from'));
  if (!isAgeRecipient(device.ageRecipient))
    return err(badReveal('device.ageRecipient', 'its checksum or length is wrong'));
  return ok({ device, code: approvalCode({ identity, nonce, fleet, answer }) });
}

/** ENR-7: whether this identity and nonce are what was committed to. The core asks too, to keep rubbish out. */
export function isRevealOf(commitment: string, identity: string, nonce: string): boolean {
  if (identity.length > MAX_IDENTITY_BYTES || !identity.isWellFormed()) return false;
  if (fromBase64Url(nonce)?.length !== NONCE_BYTES) return false;
  return equalBytes(utf8(commitment), utf8(commitmentOf(identity, nonce)));
}

function commitmentOf(identity: string, nonce: string): string {
  // The nonce has one length, so the two can not run into each other.
  return sha256Hex(utf8(`overseer/device-commitment/v1\n${nonce}\n${identity}`));
}

function badReveal(field: string, why: string): Fault {
  return fault(
    'enrol.bad-device',
    'permanent',
    `the exchange with the other device is refused: ${field}: ${why}`,
    'update Overseer on both devices and begin anew',
    { field },
  );
}
