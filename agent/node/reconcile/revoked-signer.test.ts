import { beforeEach, describe, expect, it } from 'vitest';
import { type Result, randomId, systemRandom } from '#shared/kernel/index.ts';
import { emptyBase, emptyCutoff, emptyFloor, floorAfterAccept, type Signer } from '#shared/trust/index.ts';
import { appBody, createTestFleet, type SignedRelease, type TestFleet } from '../testing/test-fleet.ts';
import { type VerifiedRelease, verifyRelease } from './verify-release.ts';

const appId = randomId(systemRandom);
const node = randomId(systemRandom);
let fleet: TestFleet;
let thief: Signer;

beforeEach(async () => {
  fleet = await createTestFleet({ httpPort: 1, linkPort: 2 });
  thief = await fleet.addPerson('owner');
});

const sign = (number: number, previous: string | null, signer?: Signer): Promise<SignedRelease> =>
  fleet.signRelease({ node, appId, number, previous, body: appBody('feeds'), ...(signer && { signer }) });
const verify = (chain: readonly SignedRelease[], floor = emptyFloor): Promise<Result<VerifiedRelease>> =>
  verifyRelease(
    { appId, chain: chain.map(({ envelope }) => envelope), body: chain.at(-1)?.body ?? new Uint8Array() },
    {
      floor,
      base: emptyBase,
      state: fleet.state,
      node,
      now: Date.now(),
      previous: () => null,
      running: () => null,
      isEarlierBody: () => false,
    },
  );
const codeOf = (result: Result<unknown>) => (result.ok ? 'ok' : result.error.code);
const revokeThief = () => fleet.addEntry({ kind: 'revoke-device', deviceId: thief.keyId, cutoff: emptyCutoff });

describe('P1 REL-7: a release of a revoked device', () => {
  it('P1 REL-7: is refused whenever it was signed, and the refusal says why (A8-12)', async () => {
    const release = await sign(1, null, thief);
    expect(codeOf(await verify([release]))).toBe('ok');
    await revokeThief();
    expect(codeOf(await verify([release]))).toBe('trust.revoked');
    expect(codeOf(await verify([await sign(1, null, thief)]))).toBe('trust.revoked');
  });

  it('REL-7: below the release of an owner is vouched for by his signature', async () => {
    const release = await sign(1, null, thief);
    await revokeThief();
    expect(codeOf(await verify([release, await sign(2, release.header)]))).toBe('ok');
  });

  it('REL-5: that was accepted before keeps its known outcome and is the floor for the next', async () => {
    const release = await sign(1, null, thief);
    const first = await verify([release]);
    if (!first.ok || !('accept' in first.value)) throw new Error('taken before the revocation');
    const floor = floorAfterAccept(emptyFloor, first.value.accept);
    await revokeThief();
    expect(await verify([release], floor)).toMatchObject({ ok: true, value: { known: 'accepted' } });
    expect(codeOf(await verify([await sign(2, release.header)], floor))).toBe('ok');
    expect(codeOf(await verify([await sign(2, release.header, thief)], floor))).toBe('trust.revoked');
  });
});
