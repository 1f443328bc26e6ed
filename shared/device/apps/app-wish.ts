import type { AppView, SecretUse, SignedException } from '#shared/domain/apps/index.ts';

/** What the person wants of an app, whatever it came from; undefined parts stay as they are. */
export interface AppWish {
  readonly source: AppView['source'] | undefined;
  readonly compose: string | undefined;
  readonly env: ReadonlyMap<string, string>;
  /** Values in plain text, in memory only. `uses` undefined keeps what there is. */
  readonly secrets: ReadonlyMap<string, SecretWish>;
  readonly route: RouteWish | undefined;
  readonly exceptions: readonly SignedException[];
  readonly policies: { healthTimeoutMs: number; settleMs: number } | undefined;
}

export interface SecretWish {
  readonly value: Uint8Array;
  readonly uses: readonly SecretUse[] | undefined;
}

export interface RouteWish {
  readonly hostname: string | undefined;
  readonly service: string | undefined;
  readonly port: number | undefined;
  readonly scheme: 'http' | 'https' | undefined;
  readonly address: string | undefined;
  readonly dns: 'auto' | 'manual' | 'off' | undefined;
  readonly tls: 'acme' | 'off' | undefined;
}

/** A wish that changes nothing. */
export const NO_WISH: AppWish = {
  source: undefined,
  compose: undefined,
  env: new Map(),
  secrets: new Map(),
  route: undefined,
  exceptions: [],
  policies: undefined,
};
