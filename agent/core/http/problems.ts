import { statusOfFault } from '#shared/contracts/errors/registry.ts';
import { PROBLEM_MEDIA_TYPE, type Problem } from '#shared/contracts/rest/index.ts';
import { type Fault, FaultError, fault, isFault } from '#shared/kernel/index.ts';

export { PROBLEM_MEDIA_TYPE };

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Refused',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  500: 'Fault of the core',
  503: 'Not possible right now',
};

/** A fault as RFC 9457 problem details. */
export function faultToProblem(value: Fault): Problem {
  const status = statusOfFault(value);
  return {
    type: `urn:overseer:fault:${value.code}`,
    title: TITLES[status] ?? 'Refused',
    status,
    detail: value.message,
    code: value.code,
    kind: value.kind,
    next: value.next,
    ...(value.field === undefined ? {} : { field: value.field }),
    ...(value.detail === undefined ? {} : { facts: { ...value.detail } }),
  };
}

/** Whatever was thrown, as a fault. What is not ours tells nothing of the inside. */
export function errorToFault(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault;
  if (isFault(error)) return error;
  const { code, statusCode } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: string;
    statusCode?: number;
  };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge();
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return wrongMediaType();
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const text = error instanceof Error ? error.message : 'the request is malformed';
    return fault(
      'request.malformed',
      'permanent',
      `The request is malformed: ${text}.`,
      'Compare it with /api/v1/openapi.json.',
    );
  }
  return fault(
    'core.internal',
    'transient',
    'The core failed at this request; nothing of it was acknowledged.',
    'Try again. If it stays so, look at the log of the core and report it.',
  );
}

function tooLarge(): Fault {
  return fault(
    'request.too-large',
    'permanent',
    'The body is larger than this operation takes.',
    'Send less at once; /api/v1/openapi.json tells the limits.',
    {
      field: 'body',
    },
  );
}

function wrongMediaType(): Fault {
  return fault(
    'request.media-type',
    'permanent',
    'content-type: this operation takes application/json, or application/octet-stream for objects.',
    'Set the header content-type.',
    { field: 'content-type' },
  );
}
