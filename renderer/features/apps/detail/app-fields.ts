/** What the screens of an app read from its view document. Values that do not fit are left aside, never thrown at. */

/** JSON as a view document holds it. */
export type FieldValue = null | boolean | number | string | FieldValue[] | { [key: string]: FieldValue };

/** One item of a collection. */
export interface FieldItem {
  readonly id: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

export interface EnvVariable {
  readonly id: string;
  readonly key: string;
  readonly value: string;
}

export interface RouteWish {
  readonly hostname: string;
  readonly service: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly tls: 'acme' | 'off';
  readonly dns: 'auto' | 'manual' | 'off';
  readonly address: string | null;
  readonly proxied: boolean;
}

export interface ExceptionWish {
  readonly id: string;
  readonly rule: string;
  readonly service: string | null;
  readonly value: string;
  readonly reason: string;
}

export interface Policies {
  readonly healthTimeoutMs: number;
  readonly settleMs: number;
}

/** As in policiesSchema of the domain: what counts where nothing was set. */
export const DEFAULT_POLICIES: Policies = { healthTimeoutMs: 180_000, settleMs: 5_000 };

/** Plain variables by name. */
export function readEnv(items: readonly FieldItem[]): EnvVariable[] {
  return items
    .map(({ id, fields }) => ({ id, key: textOf(fields.key), value: textOf(fields.value) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** Routes as they are wished for, in the order they were made. */
export function readRoutes(items: readonly FieldItem[]): ({ readonly id: string } & RouteWish)[] {
  return items.map(({ id, fields }) => ({
    id,
    hostname: textOf(fields.hostname),
    service: textOf(fields.service),
    port: typeof fields.port === 'number' ? fields.port : 80,
    scheme: fields.scheme === 'https' ? 'https' : 'http',
    tls: fields.tls === 'off' ? 'off' : 'acme',
    dns: fields.dns === 'manual' || fields.dns === 'off' ? fields.dns : 'auto',
    address: typeof fields.address === 'string' && fields.address !== '' ? fields.address : null,
    proxied: fields.proxied === true,
  }));
}

/** Exceptions with their reasons. */
export function readExceptions(items: readonly FieldItem[]): ExceptionWish[] {
  return items.map(({ id, fields }) => ({
    id,
    rule: textOf(fields.rule),
    service: typeof fields.service === 'string' ? fields.service : null,
    value: textOf(fields.value),
    reason: textOf(fields.reason),
  }));
}

/** How a release is judged. */
export function readPolicies(value: FieldValue | undefined): Policies {
  const about = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const number = (name: keyof Policies) => {
    const found = about[name];
    return typeof found === 'number' && Number.isFinite(found) ? found : DEFAULT_POLICIES[name];
  };
  return { healthTimeoutMs: number('healthTimeoutMs'), settleMs: number('settleMs') };
}

function textOf(value: FieldValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
