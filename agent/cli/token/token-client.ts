import { readFileSync } from 'node:fs';
import { type CoreClient, createCoreClient, type Fleet, parseCoreAddress } from '#shared/device/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { createPinnedCore } from '#shared/node/core-ports/pinned-core.ts';
import { type CliContext, isByToken, withFleet } from '../context.ts';
import { parseFingerprint } from '../device/core-fingerprint.ts';

type Environment = CliContext['env'];

/** Where a token is for: the core is met by its key, for whoever gets the token can use it. */
export interface TokenPlace {
  readonly token: string;
  readonly host: string;
  readonly port: number;
  readonly spki: string;
}

/** Reads token, core and its key from the environment. */
export function readTokenPlace(env: Environment): Result<TokenPlace> {
  const token = readToken(env);
  if (!token.ok) return token;
  const address = parseCoreAddress(env.OVERSEER_CORE ?? '');
  if (!env.OVERSEER_CORE || address === undefined)
    return err(badVariable('OVERSEER_CORE', 'it says where the core is', 'Set it to https://HOST:7443.'));
  const spki = parseFingerprint(env.OVERSEER_CORE_KEY ?? '');
  if (spki === undefined)
    return err(
      badVariable(
        'OVERSEER_CORE_KEY',
        'the token is sent to no core whose key is not known',
        'Set it to the 64 hex digits that `overseer tokens add` showed beside the token.',
      ),
    );
  return ok({ token: token.value, host: address.host, port: address.httpPort, spki });
}

function readToken(env: Environment): Result<string> {
  if (env.OVERSEER_TOKEN) return ok(env.OVERSEER_TOKEN.trim());
  try {
    return ok(readFileSync(env.OVERSEER_TOKEN_FILE ?? '', 'utf8').trim());
  } catch {
    return err(badVariable('OVERSEER_TOKEN_FILE', 'the file can not be read', 'Check its path and its rights.'));
  }
}

/** Runs `work` with a client that holds nothing but the token. */
export async function withToken<T>(
  context: CliContext,
  work: (client: CoreClient) => Promise<Result<T>>,
): Promise<Result<T>> {
  const place = readTokenPlace(context.env);
  if (!place.ok) return place;
  const { token, host, port, spki } = place.value;
  const { http } = createPinnedCore({ addresses: [{ host, port }], pin: (found) => found === spki });
  const client = createCoreClient({ http, signal: context.signal, token });
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

/** Runs `work` with the core, as the holder of the token where there is one, else as this device, which `fleet` is then. */
export function withCore<T>(
  context: CliContext,
  work: (client: CoreClient, fleet: Fleet | undefined) => Promise<Result<T>>,
): Promise<Result<T>> {
  return isByToken(context)
    ? withToken(context, (client) => work(client, undefined))
    : withFleet(context, (fleet) => work(fleet.client, fleet));
}

function badVariable(name: string, text: string, next: string) {
  return fault('cli.bad-variable', 'permanent', `${name}: ${text}`, next, { field: name });
}
