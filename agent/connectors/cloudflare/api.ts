import type { APIPromise } from 'cloudflare';
import { BaseAccounts } from 'cloudflare/resources/accounts/accounts';
import { BaseTokens as BaseAccountTokens } from 'cloudflare/resources/accounts/tokens/tokens';
import { BaseRecords } from 'cloudflare/resources/dns/records';
import { BaseTokens as BaseUserTokens } from 'cloudflare/resources/user/tokens/tokens';
import { BaseZones } from 'cloudflare/resources/zones/zones';
import { createClient } from 'cloudflare/tree-shakable';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import { answerToFault } from './answer-fault.ts';
import { errorToFault, malformedToken } from './faults.ts';

export const CLOUDFLARE_API = 'https://api.cloudflare.com/client/v4';
const TIMEOUT_MS = 20_000;
/** The most pages one listing reads; 50 pages of 100 are more than any plan's quota of records under one name. */
const MAX_PAGES = 50;
/** What a header can carry; anything else would fail deep inside fetch. */
const TOKEN_FORM = /^[!-~]+$/;

export interface ApiOptions {
  token: string;
  /** Null is Cloudflare's own address. */
  baseUrl: string | null;
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** The envelope around every answer of API v4; the SDK unwraps it without looking at `success`. */
interface Answer<T> {
  success?: boolean;
  result?: T | null;
  result_info?: { total_pages?: number; total_count?: number; per_page?: number };
  errors?: { code?: number; message?: string }[];
}

/**
 * The SDK with everything that it would otherwise take from the environment given explicitly, no retries of its own
 * (it repeats POST too, and waits as long as a 429 says), and its logger silent: it could print the token.
 */
export function createApi(options: ApiOptions) {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const client = createClient({
    resources: [BaseZones, BaseRecords, BaseUserTokens, BaseAccounts, BaseAccountTokens],
    apiToken: options.token,
    apiKey: null,
    apiEmail: null,
    userServiceKey: null,
    baseURL: options.baseUrl ?? CLOUDFLARE_API,
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
    fetch: (input, init) =>
      fetch(input, {
        ...init,
        redirect: 'error',
        headers: ownHeaders(init?.headers, options.token),
        // The SDK's own limit ends with the headers; this one covers the body too.
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(init?.signal ? [init.signal] : [])]),
      }),
  });

  const call = async <T>(request: () => APIPromise<T>): Promise<Result<T>> =>
    (await callFull<T>(request as () => APIPromise<unknown>)).result;

  const callFull = async <T>(request: () => APIPromise<unknown>): Promise<{ result: Result<T>; pages: number }> => {
    if (!TOKEN_FORM.test(options.token)) return { result: err(malformedToken()), pages: 0 };
    try {
      const response = await request().asResponse();
      const answer = (await response.json()) as Answer<T> | null;
      if (answer?.success !== true || answer.result === null || answer.result === undefined)
        return { result: err(answerToFault(response.status, answer?.errors ?? [])), pages: 0 };
      return { result: ok(answer.result), pages: answer.result_info?.total_pages ?? 1 };
    } catch (error) {
      return { result: err(errorToFault(error)), pages: 0 };
    }
  };

  /** All items of a listing: as many pages as `total_pages` says, never more than the bound, each item once. */
  const listAll = async <T extends { id: string }>(
    requestPage: (page: number) => APIPromise<unknown>,
  ): Promise<Result<T[]>> => {
    const items = new Map<string, T>();
    for (let page = 1, pages = 1; page <= Math.min(pages, MAX_PAGES); page++) {
      const answer = await callFull<T[]>(() => requestPage(page));
      if (!answer.result.ok) return answer.result;
      for (const item of answer.result.value) items.set(item.id, item);
      pages = answer.pages;
    }
    return ok([...items.values()]);
  };

  const requestOptions = options.signal ? { signal: options.signal } : {};
  return { client, call, listAll, requestOptions };
}

export type Api = ReturnType<typeof createApi>;

const KEPT_HEADERS = ['accept', 'content-type', 'user-agent', 'api-version'];

/** Only headers this connector means to send: CLOUDFLARE_CUSTOM_HEADERS in the environment can add any other. */
function ownHeaders(given: RequestInit['headers'], token: string): Headers {
  const all = new Headers(given);
  const own = new Headers();
  for (const name of KEPT_HEADERS) {
    const value = all.get(name);
    if (value !== null) own.set(name, value);
  }
  own.set('authorization', `Bearer ${token}`);
  return own;
}
