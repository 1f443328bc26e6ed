import {
  equalBytes,
  FaultError,
  fault,
  fromBase64Url,
  ok,
  type Result,
  sha256Hex,
  utf8,
} from '#shared/kernel/index.ts';
import { type Envelope, entrySchemas, trustPayloadSchema } from '#shared/trust/index.ts';
import type { Core } from '../core.ts';
import { readEnvelopes } from './caller.ts';

/** Key of the setup code's hash in the meta table; gone once it is spent. */
export const SETUP_HASH_KEY = 'setup-secret-hash';

/** Gives a new core its fleet. Works once, with the secret that `core init` printed. */
export async function claimCore(core: Core, request: { secret: string; genesis: unknown }): Promise<{ fleet: string }> {
  const [genesis] = readEnvelopes([request.genesis]);
  const checked = await checkClaim(core, request.secret, genesis as Envelope);
  const by = { actor: { kind: 'setup' as const, id: 'setup' }, action: 'core.claim' };
  const state = await core.trust.extend(
    [genesis as Envelope],
    by,
    async (tx) => {
      // Two claims at once: the first transaction spends the code, the second finds it spent.
      if ((await tx.getMeta(SETUP_HASH_KEY)) === undefined) throw new FaultError(alreadyClaimed());
      await tx.setMeta(SETUP_HASH_KEY, null);
    },
    checked,
  );
  return { fleet: state.fleet };
}

async function checkClaim(core: Core, secret: string, genesis: Envelope): Promise<Result<void>> {
  const hash = await core.store.durable.read.getMeta(SETUP_HASH_KEY);
  if (hash === undefined || core.trust.fleet() !== '') return { ok: false, error: alreadyClaimed() };
  const bytes = fromBase64Url(secret);
  if (bytes === undefined || !equalBytes(utf8(sha256Hex(bytes)), utf8(hash)))
    return { ok: false, error: wrongSecret() };
  const named = spkiOfGenesis(genesis);
  if (named !== core.self.spki) return { ok: false, error: wrongCore(named, core.self.spki) };
  return ok();
}

function spkiOfGenesis(genesis: Envelope): string {
  try {
    const payload = trustPayloadSchema.parse(JSON.parse(Buffer.from(genesis.payload, 'base64').toString('utf8')));
    return entrySchemas.genesis.parse(payload.entry).core.tlsSpki;
  } catch {
    return '(none)';
  }
}

function alreadyClaimed() {
  return fault(
    'claim.already-claimed',
    'conflict',
    'This core belongs to a fleet already; its setup code is spent.',
    'Enrol this device from a device of that fleet, or begin anew with `overseer core init` on an empty folder.',
  );
}

function wrongSecret() {
  return fault(
    'claim.wrong-code',
    'denied',
    'The setup code is not the one that this core printed.',
    'Read it again from the output of `overseer core init`; `overseer core init --new-setup-code` prints a new one.',
    { field: 'secret' },
  );
}

function wrongCore(named: string, own: string) {
  return fault(
    'claim.wrong-core',
    'denied',
    `genesis names the core key ${named}; this core's key is ${own}.`,
    'Claim again: the device must sign the key that it saw in TLS.',
    { field: 'genesis' },
  );
}
