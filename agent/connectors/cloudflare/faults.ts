import { APIConnectionTimeoutError, APIError, APIUserAbortError } from 'cloudflare/error';
import { type Fault, fault } from '#shared/kernel/index.ts';
import { type ApiErrorEntry, answerToFault } from './answer-fault.ts';

/** Turns whatever the SDK threw into a fault that shows `errors[0].message`; the SDK's own message is the raw body. */
export function errorToFault(error: unknown): Fault {
  if (error instanceof APIUserAbortError)
    return fault(
      'dns.unreachable',
      'transient',
      'The call to Cloudflare was stopped.',
      'It is tried again with the next repair.',
    );
  if (error instanceof APIError && typeof error.status === 'number')
    return answerToFault(error.status, error.errors as ApiErrorEntry[], error.headers?.get('retry-after') ?? undefined);
  if (error instanceof SyntaxError)
    return fault(
      'dns.provider-failed',
      'transient',
      'Cloudflare answered with something that is not its API (no JSON).',
      'Check for a proxy between the node and Cloudflare; the call is tried again by itself.',
    );
  const late = error instanceof APIConnectionTimeoutError || (error instanceof Error && error.name === 'TimeoutError');
  return fault(
    'dns.unreachable',
    'transient',
    `Cloudflare's API ${late ? 'did not answer in time' : 'could not be reached'}${causeOf(error)}.`,
    'Check that the node that holds this connector reaches the internet; the call is tried again by itself.',
  );
}

/** A token that no header can carry: pasted with a line break or a quote from elsewhere, most likely. */
export const malformedToken = (): Fault =>
  fault(
    'dns.token-refused',
    'denied',
    'The Cloudflare token holds characters that no API token has.',
    'Copy the token again, without spaces or line breaks, and run `overseer integrations cloudflare set`.',
  );

/** True where the request may or may not have taken effect, so only looking can tell. */
export const isUncertain = (value: Fault): boolean =>
  value.code === 'dns.unreachable' || value.code === 'dns.provider-failed';

/** The system's word for a failed connection (ENOTFOUND, ECONNREFUSED), never a URL or a header. */
function causeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string' && /^[A-Z_]+$/.test(code)) return ` (${code})`;
  }
  return '';
}
