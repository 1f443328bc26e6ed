import { equalBytes, sha256Hex, utf8 } from '#shared/kernel/index.ts';

/** Crockford's base32: no I, L, O and U, so that nothing is read for something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_CHARS = 8;
/** Forty bits, as many as the code has. */
const CODE_HEX_DIGITS = 10;

/** What the approving device answers, once and only after it has seen the commitment. */
export interface ApproverAnswer {
  /** deviceId of the approving device: the hash of its key. */
  readonly approver: string;
  /** base64url */
  readonly nonce: string;
}

/**
 * ENR-8: eight characters (40 bits) over the fleet, both keys and both nonces. Who stands between the devices must fix
 * his own halves before he knows the other ones, so he meets the same code by chance only.
 */
export function approvalCode(about: {
  /** Names the new device's keys. */
  readonly identity: string;
  readonly nonce: string;
  readonly fleet: string;
  readonly answer: ApproverAnswer;
}): string {
  const { identity, nonce, fleet, answer } = about;
  const lines = ['overseer/device-code/v1', fleet, answer.approver, answer.nonce, nonce, identity];
  let rest = Number.parseInt(sha256Hex(utf8(lines.join('\n'))).slice(0, CODE_HEX_DIGITS), 16);
  let code = '';
  for (let i = 0; i < CODE_CHARS; i++) {
    code = ALPHABET.charAt(rest % ALPHABET.length) + code;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** ENR-10: a code as a person typed it: case, hyphens and spaces do not matter, O is read as 0, I and L as 1. */
export function isSameApprovalCode(typed: string, code: string): boolean {
  return typed.length <= 64 && equalBytes(utf8(bare(typed)), utf8(bare(code)));
}

function bare(text: string): string {
  return text
    .toUpperCase()
    .replaceAll(/[\s-]+/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
}
