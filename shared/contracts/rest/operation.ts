import type { z } from 'zod';

/** Path prefix of all operations but health. */
export const API_PREFIX = '/api/v1';

/** Who may call: anyone, the holder of a session, or (for WebSockets) of a single-use ticket. */
export type OperationAuth = 'none' | 'session' | 'ticket';

/**
 * What the operation leaves in the audit log: exactly one entry with this action each time it is accepted
 * or refused by a rule, or nothing, and then why.
 */
export type OperationAudit = { readonly action: string } | { readonly none: string };

/** One operation of port 7443. This table makes the routes, the validation, the OpenAPI page and the audit test. */
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** OpenAPI spelling: `{id}` is a parameter. */
  readonly path: string;
  readonly summary: string;
  readonly auth: OperationAuth;
  /** Of those with a session: an API token may call it too, to look or to propose. */
  readonly token?: true;
  readonly audit: OperationAudit;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  /** A schema, or `octets` for raw bytes. */
  readonly body?: z.ZodType | 'octets';
  /** Largest body in bytes; 64 KiB when absent. */
  readonly bodyMaxBytes?: number;
  readonly status: number;
  /** A schema, or the media type of an answer that is not JSON. */
  readonly response: z.ZodType | 'octets' | 'jsonl' | 'events' | 'websocket' | 'openapi';
}

/** Most bodies that carry rows or releases. */
export const MIB = 1024 * 1024;

/** For operations that leave no entry because they change nothing. */
export const READ = { none: 'reads only' } as const;
