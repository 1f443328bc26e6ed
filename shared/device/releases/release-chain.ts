import { type AutomationLines, type ReleaseBody, releaseBodySchema } from '#shared/domain/apps/index.ts';
import { type Clock, err, fault, isoTime, ok, type Result, sha256Hex, utf8, utf8ToText } from '#shared/kernel/index.ts';
import { type Envelope, everyTrustKey, type OpenedHeader, openEnvelope } from '#shared/trust/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { KnownRelease } from '../ports/device-store.ts';
import { localGrantedBody, readGrantedBody } from './granted-body.ts';
import { isAutomationKey, keepAutomation, readAutomation, readKnownAutomation } from './known-automation.ts';
import { keepGrants, readGrants } from './known-grants.ts';
import { voidSignerOf } from './void-release.ts';

/** A signed header that this device has verified. */
export interface ChainLink {
  readonly envelope: Envelope;
  readonly opened: OpenedHeader;
}

/** A verified release with its body. */
export interface SignedRelease {
  readonly number: number;
  readonly header: string;
  readonly body: ReleaseBody;
  /** The body as far as an owner let it stand: a plan is the difference to this. */
  readonly granted: ReleaseBody;
  /** What automation has signed since a person's last release; null where that one is the last. */
  readonly byAutomation: AutomationLines | null;
  /** Name of the revoked device that signed it, where the release does not stand. */
  readonly voidSigner: string | null;
}

/**
 * The signed releases of an app on one node, oldest first: each signature checked, each header naming the one before.
 * The core can withhold the newest, so what this device signed or saw before counts too.
 */
export async function readChain(fleet: Fleet, appId: string, node: string): Promise<Result<ChainLink[]>> {
  const chains = await readChains(fleet, appId, [node]);
  return chains.ok ? ok([...(chains.value.get(node) ?? [])]) : chains;
}

/** The same for several nodes, with one question to the core. */
export async function readChains(
  fleet: Fleet,
  appId: string,
  nodes: readonly string[],
): Promise<Result<ReadonlyMap<string, readonly ChainLink[]>>> {
  const listed = await fleet.client.call('listReleases', { params: { id: appId } });
  if (!listed.ok && listed.error.kind === 'transient') return listed;
  const envelopes: Envelope[] = listed.ok ? [...listed.value.headers] : [];
  for (const node of nodes) {
    const last = await fleet.store.lastRelease(appId, node);
    if (last) envelopes.push(last.envelope);
  }
  const links = new Map<string, ChainLink>();
  for (const envelope of envelopes) {
    const opened = await openEnvelope(envelope, {
      kind: 'release',
      fleet: fleet.config.fleet,
      // Also revoked devices: the chain goes through what they signed.
      keys: everyTrustKey(fleet.trust(), 'device'),
    });
    if (!opened.ok) return opened;
    const { payload, itemHash } = opened.value;
    if (payload.appId === appId) links.set(itemHash, { envelope, opened: opened.value });
  }
  const chains = new Map<string, readonly ChainLink[]>();
  for (const node of nodes) {
    const ordered = orderChain([...links.values()].filter(({ opened }) => opened.payload.node === node));
    if (!ordered.ok) return ordered;
    chains.set(node, ordered.value);
  }
  return ok(chains);
}

function orderChain(links: readonly ChainLink[]): Result<ChainLink[]> {
  const sorted = links.toSorted((a, b) => a.opened.payload.number - b.opened.payload.number);
  for (const [index, link] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before === undefined) continue;
    const { number, previous } = link.opened.payload;
    const { payload, itemHash } = before.opened;
    if (number === payload.number) return err(twoStories(number));
    if (number === payload.number + 1 && previous !== itemHash) return err(twoStories(number));
  }
  return ok(sorted);
}

/** The body of a header, from this device or the core, checked against the hash that was signed. */
export async function readBody(fleet: Fleet, link: ChainLink): Promise<Result<{ text: string; body: ReleaseBody }>> {
  const { payload, itemHash } = link.opened;
  const last = await fleet.store.lastRelease(payload.appId, payload.node);
  const local = last?.header === itemHash ? utf8(last.body) : await fleet.store.object(payload.body);
  const bytes = local ? ok(local) : await fleet.client.octets('getObject', { params: { hash: payload.body } });
  if (!bytes.ok) return bytes;
  if (sha256Hex(bytes.value) !== payload.body) return err(otherBody(payload.number));
  return parseBody(utf8ToText(bytes.value));
}

/** The last signed release this device knows, without asking the core. */
export async function readLocalBase(fleet: Fleet, appId: string, node: string): Promise<Result<SignedRelease | null>> {
  const last = await fleet.store.lastRelease(appId, node);
  if (last === undefined) return ok(null);
  const parsed = parseBody(last.body);
  if (!parsed.ok) return parsed;
  const { body } = parsed.value;
  const granted = await readLocalGranted(fleet, last, body);
  const keyId = last.envelope.signatures[0]?.keyid;
  const byAutomation = isAutomationKey(fleet.trust(), keyId) ? await readKnownAutomation(fleet.store, last) : null;
  const voidSigner = voidSignerOf(fleet.trust(), keyId, last);
  return ok({ number: last.number, header: last.header, body, granted, byAutomation, voidSigner });
}

async function readLocalGranted(fleet: Fleet, last: KnownRelease, body: ReleaseBody): Promise<ReleaseBody> {
  const signer = last.envelope.signatures[0]?.keyid;
  // Nearly every app: asked of a thousand at each start, so nothing more is read for it.
  if (body.kind !== 'app' || body.exceptions.length === 0)
    return localGrantedBody(fleet.trust(), { ...last, signer }, body, []);
  const opened = await openEnvelope(last.envelope, {
    kind: 'release',
    fleet: fleet.config.fleet,
    keys: everyTrustKey(fleet.trust(), 'device'),
  });
  // An operator changes nothing of what is granted: what held for the release before holds for his.
  const headers = opened.ok ? [last.header, opened.value.payload.previous] : [];
  const known = await readGrants(fleet.store, last, headers);
  return localGrantedBody(fleet.trust(), { ...last, signer }, body, known);
}

/** What a plan is the difference to: the last signed release, verified and kept. Null before the first. */
export async function readBase(
  fleet: Fleet,
  clock: Clock,
  appId: string,
  node: string,
): Promise<Result<SignedRelease | null>> {
  const chain = await readChain(fleet, appId, node);
  if (!chain.ok) return chain;
  const top = chain.value.at(-1);
  if (!top) return ok(null);
  const body = await readBody(fleet, top);
  if (!body.ok) return body;
  await keepRelease(fleet, clock, { link: top, body: body.value.text });
  const granted = await readGrantedBody({
    trust: fleet.trust(),
    chain: chain.value,
    body: body.value.body,
    readBody: (link) => readBody(fleet, link),
  });
  const { signer, itemHash: header, payload } = top.opened;
  await keepGrants(fleet.store, { appId, node, header }, granted);
  const byAutomation = await readAutomation({
    trust: fleet.trust(),
    chain: chain.value,
    body: body.value.body,
    readBody: (link) => readBody(fleet, link),
  });
  if (!byAutomation.ok) return byAutomation;
  await keepAutomation(fleet.store, { appId, node, header }, byAutomation.value);
  const { number } = payload;
  const voidSigner = voidSignerOf(fleet.trust(), signer, { appId, node, number, header });
  return ok({ number, header, body: body.value.body, granted, byAutomation: byAutomation.value, voidSigner });
}

/** The last signed release: what this device knows, or the core's where that holds one of a higher number. */
export async function readAnyBase(
  context: { readonly clock: Clock },
  fleet: Fleet,
  { appId, node }: { readonly appId: string; readonly node: string | null },
  numberAtCore: number,
): Promise<Result<SignedRelease | null>> {
  if (node === null) return ok(null);
  const local = await readLocalBase(fleet, appId, node);
  if (!local.ok || numberAtCore <= (local.value?.number ?? 0)) return local;
  return readBase(fleet, context.clock, appId, node);
}

/** Remembers a verified release. */
export async function keepRelease(fleet: Fleet, clock: Clock, about: { link: ChainLink; body: string }): Promise<void> {
  const { payload, itemHash } = about.link.opened;
  const release: KnownRelease = {
    appId: payload.appId,
    node: payload.node,
    number: payload.number,
    header: itemHash,
    envelope: about.link.envelope,
    body: about.body,
  };
  await fleet.store.saveRelease(release, isoTime(clock));
}

/** Reads the exact text of a body. */
export function parseBody(text: string): Result<{ text: string; body: ReleaseBody }> {
  const parsed = releaseBodySchema.safeParse(JSON.parse(text));
  if (parsed.success) return ok({ text, body: parsed.data });
  const issue = parsed.error.issues[0];
  return err(
    fault(
      'release.bad-body',
      'permanent',
      `the release's ${issue?.path.join('.') ?? 'body'} does not fit: ${issue?.message ?? ''}`,
      'Check that core and CLI have neighbouring versions.',
    ),
  );
}

function twoStories(number: number) {
  return fault(
    'release.fork',
    'conflict',
    `there are two different releases ${number} of this app, or one that does not follow the one before`,
    'Look at `overseer audit list`: two devices signed at once, or the core shows a false one.',
  );
}

function otherBody(number: number) {
  return fault(
    'core.bad-object',
    'denied',
    `the core gave another body for release ${number} than the one that was signed`,
    'Do not trust this core further; compare the audit with `overseer audit verify`.',
  );
}
