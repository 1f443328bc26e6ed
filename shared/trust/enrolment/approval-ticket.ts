import { fromBase64Url, fromHex, ID_PATTERN, toBase64Url, toHex } from '#shared/kernel/index.ts';

const PREFIX = 'ovd1_';

/** What a new device shows, and what its approver takes past the core: by eye and hand, by a picture, by a cable. */
export interface ApprovalTicket {
  readonly request: string;
  /** hex SHA-256, whole: over fleet, name, kind, keys and a nonce (ENR-7). */
  readonly commitment: string;
}

/** ENR-11: `ovd1_`, the request, `_` and the commitment in base64url: 75 characters. */
export function writeApprovalTicket({ request, commitment }: ApprovalTicket): string {
  return `${PREFIX}${request}_${toBase64Url(fromHex(commitment) ?? new Uint8Array())}`;
}

/** ENR-11: spaces and line breaks are forgiven; undefined for what is cut short, longer or something else. */
export function parseApprovalTicket(text: string): ApprovalTicket | undefined {
  const written = text.replaceAll(/\s/g, '');
  const request = written.slice(PREFIX.length, PREFIX.length + 26);
  const hash = fromBase64Url(written.slice(PREFIX.length + 27));
  const isWhole = written.startsWith(PREFIX) && ID_PATTERN.test(request) && written[PREFIX.length + 26] === '_';
  return isWhole && hash?.length === 32 ? { request, commitment: toHex(hash) } : undefined;
}
