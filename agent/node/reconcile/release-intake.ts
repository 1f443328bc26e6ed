import type { CoreToNode } from '#shared/contracts/link/messages.ts';
import { contentHashOf, type ReleaseBody } from '#shared/domain/apps/index.ts';
import { exceptionsToLine } from '#shared/domain/policies/index.ts';
import { type Fault, fault, fromBase64, isoTime, sha256Hex } from '#shared/kernel/index.ts';
import type { Envelope, OpenedHeader } from '#shared/trust/index.ts';
import { baseAfterAccept, itemHash, parseEnvelope } from '#shared/trust/index.ts';
import { storeFault } from '../store/store-fault.ts';
import { knownBodies } from './known-bodies.ts';
import { neededObjects } from './needed-objects.ts';
import type { NodeContext } from './node-context.ts';
import { refuseRelease, refuseUnreadable, sendStep } from './outcome.ts';
import { ownerBase } from './owner-base.ts';
import { verifyRelease } from './verify-release.ts';

type ReleaseMessage = Extract<CoreToNode, { type: 'release' }>;
type ObjectMessage = Extract<CoreToNode, { type: 'object' }>;

const STORE_RETRY_MS = 5_000;

/** Releases that are kept while the node holds: a core sends one for each app. Of more only the app is kept. */
export const MAX_HELD = 64;

/** Verdicts that a node may think better of once it knows what is newest; while it holds they are no refusals. */
const MAY_CHANGE: ReadonlySet<string> = new Set([
  'trust.unknown-signer',
  'trust.not-allowed',
  'release.chain-incomplete',
  'release.number-taken',
]);

/** A verified release that waits for objects the core has yet to send. */
interface Waiting {
  readonly message: ReleaseMessage;
  readonly objects: Map<string, Uint8Array>;
  readonly missing: Set<string>;
}

export interface ReleaseIntake {
  release(message: ReleaseMessage): Promise<void>;
  object(message: ObjectMessage): Promise<void>;
  /** The link is gone: what waited for objects comes again with the next link. */
  disconnected(): void;
}

/** Takes releases from the link: verify, durable accept, then `onAccepted`. REL-10: accepted before the first effect. */
export function createReleaseIntake(context: NodeContext, onAccepted: (header: string) => void): ReleaseIntake {
  const { store } = context;
  const waiting = new Map<string, Waiting>();
  const chainsAsked = new Set<string>();
  /** Releases that the full disk could not take, by header. */
  const later = new Map<string, NodeJS.Timeout>();
  /** Releases that came while the node holds, by header, oldest first. */
  const held = new Map<string, { message: ReleaseMessage; objects: Map<string, Uint8Array> }>();
  /** Apps whose release was one too many to keep. */
  const askAgainFor = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();

  /** One at a time: two decisions on one floor would both accept. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };

  /** While the store takes no writes nothing is decided: the job says why, and the same release is taken again. */
  const takeOrWait = async (message: ReleaseMessage, objects: Map<string, Uint8Array>): Promise<void> => {
    const about = nameRelease(message);
    const header = about?.header ?? '';
    try {
      await take(message, objects);
      later.delete(header);
    } catch (cause) {
      const full = storeFault(cause, store.folder);
      if (full === undefined || about === undefined) throw cause;
      if (!later.has(header)) {
        context.log(`Release ${about.number} of ${about.appId} waits: ${full.message}`);
        sendStep(context, about, { step: 'verify', state: 'failed', text: `${full.message} ${full.next}` });
      }
      clearTimeout(later.get(header));
      const again = () => inTurn(() => takeOrWait(message, objects));
      later.set(
        header,
        setTimeout(() => void again().catch((reason) => context.log(String(reason))), STORE_RETRY_MS).unref(),
      );
    }
  };

  const take = async (message: ReleaseMessage, objects: Map<string, Uint8Array>): Promise<void> => {
    const about = nameRelease(message);
    if (about === undefined) return refuseUnreadable(context, { appId: message.appId });
    const body = fromBase64(message.body);
    if (body === undefined) return refuseRelease(context, about, notBase64());
    const floor = store.releases.floor(message.appId);
    const verified = await verifyRelease(
      { appId: message.appId, chain: message.chain, body },
      {
        floor,
        base: ownerBase(context, message.appId),
        ...knownBodies(context, message.appId),
        state: context.trust.state,
        node: context.identity.nodeId,
        now: context.clock.nowMs(),
      },
    );
    const holds = context.hold.why();
    if (!verified.ok) {
      if (holds && MAY_CHANGE.has(verified.error.code)) return holdBack(about, message, objects, holds);
      if (verified.error.code === 'release.chain-incomplete' && !chainsAsked.has(about.header)) {
        chainsAsked.add(about.header);
        context.send({ type: 'need-chain', appId: message.appId, afterNumber: floor.accepted?.number ?? 0 });
        return;
      }
      sendStep(context, about, { step: 'verify', state: 'failed', text: verified.error.message });
      context.log(
        `Refused release ${about.number} of ${about.appId}: ${verified.error.code}: ${verified.error.message}`,
      );
      return refuseRelease(context, about, verified.error);
    }
    if ('known' in verified.value) return answerKnown(verified.value.header, verified.value.known);
    const { accept: header, envelope, body: content } = verified.value;
    if (holds && !context.hold.letsPass(header)) return holdBack(about, message, objects, holds);
    const missing = neededObjects(content).filter((hash) => !objects.has(hash) && !store.objects.has(hash));
    if (missing.length > 0) {
      waiting.set(about.header, { message, objects, missing: new Set(missing) });
      for (const hash of missing) context.send({ type: 'need-object', hash });
      return;
    }
    await accept({ header, envelope, bodyBytes: body, body: content, objects });
    sendStep(context, about, { step: 'verify', state: 'done', text: 'Signature, order and body are good.' });
    context.log(`Accepted release ${about.number} of ${content.name} (${about.appId}).`);
    onAccepted(header.itemHash);
  };

  /** HOLD-1: kept until the hold is over; the core sends it again after the next hello anyway. */
  const holdBack = (
    about: { appId: string; header: string; number: number },
    message: ReleaseMessage,
    objects: Map<string, Uint8Array>,
    why: Fault,
  ): void => {
    if (!held.has(about.header)) {
      context.log(`Release ${about.number} of ${about.appId} waits: ${why.message}`);
      sendStep(context, about, { step: 'verify', state: 'progress', text: `waits: ${why.message}` });
    }
    held.set(about.header, { message, objects });
    const [oldest] = held;
    if (held.size <= MAX_HELD || oldest === undefined) return;
    held.delete(oldest[0]);
    askAgainFor.add(oldest[1].message.appId);
  };
  context.hold.onChange(() => {
    if (context.hold.why() !== null) return;
    const waited = [...held.values()];
    held.clear();
    for (const { message, objects } of waited)
      void inTurn(() => takeOrWait(message, objects)).catch((cause) => context.log(String(cause)));
    for (const appId of askAgainFor)
      context.send({ type: 'need-chain', appId, afterNumber: store.releases.floor(appId).accepted?.number ?? 0 });
    askAgainFor.clear();
  });

  const accept = async (about: {
    header: OpenedHeader;
    envelope: Envelope;
    bodyBytes: Uint8Array;
    body: ReleaseBody;
    objects: Map<string, Uint8Array>;
  }): Promise<void> => {
    const { appId, number } = about.header.payload;
    const needed = neededObjects(about.body);
    const base = baseAfterAccept({
      state: context.trust.state,
      signer: about.header.signer,
      body: about.body,
      base: ownerBase(context, appId),
    });
    await context.audit.append(
      {
        action: 'accepted',
        subject: { appId, number: String(number), name: about.body.name, kind: about.body.kind },
        order: about.header.itemHash,
        detail: { signer: about.header.signer, state: about.body.state, ...asideDetail(about.body) },
      },
      () => {
        store.objects.put(about.header.payload.body, about.bodyBytes);
        for (const hash of needed) {
          const bytes = about.objects.get(hash);
          if (bytes) store.objects.put(hash, bytes);
        }
        store.releases.accept(
          {
            header: about.header.itemHash,
            appId,
            number,
            envelope: about.envelope,
            body: about.header.payload.body,
            content: contentHashOf(about.body),
            acceptedAt: isoTime(context.clock),
            ownerBase: base,
          },
          needed,
        );
        context.timeFloor.raise(about.header.signer, Date.parse(about.header.payload.issuedAt));
      },
    );
  };

  /** REL-5: the same bytes again get the known answer; one without an outcome is in the queue already. */
  const answerKnown = (header: string, known: string): void => {
    if (known === 'accepted') return;
    const message = store.releases.outcomeMessage(header);
    if (message === undefined) return;
    store.releases.enqueue(message);
    context.send(message);
  };

  const takeObject = async (message: ObjectMessage): Promise<void> => {
    const bytes = message.data === null ? undefined : fromBase64(message.data);
    const fits = bytes !== undefined && sha256Hex(bytes) === message.hash;
    for (const [header, one] of [...waiting]) {
      if (!one.missing.delete(message.hash)) continue;
      if (fits) one.objects.set(message.hash, bytes);
      else {
        waiting.delete(header);
        const about = nameRelease(one.message);
        if (about) await refuseRelease(context, about, objectMissing(message.hash));
        continue;
      }
      if (one.missing.size > 0) continue;
      waiting.delete(header);
      // Decided anew: time has passed and the floor may have moved.
      await takeOrWait(one.message, one.objects);
    }
  };

  return {
    release: (message) => inTurn(() => takeOrWait(message, objectsOf(message))),
    object: (message) => inTurn(() => takeObject(message)),
    disconnected() {
      waiting.clear();
      chainsAsked.clear();
      held.clear();
      askAgainFor.clear();
      for (const timer of later.values()) clearTimeout(timer);
      later.clear();
    },
  };
}

/** P8: what a release sets aside stands in the entry itself, for whoever does not have its body. */
function asideDetail(body: ReleaseBody): Record<string, string> {
  return body.kind === 'app' && body.exceptions.length > 0 ? { exceptions: exceptionsToLine(body.exceptions) } : {};
}

/** Objects that came with the message and are what their name says. */
function objectsOf(message: ReleaseMessage): Map<string, Uint8Array> {
  const objects = new Map<string, Uint8Array>();
  for (const { hash, data } of message.objects) {
    const bytes = fromBase64(data);
    if (bytes !== undefined && sha256Hex(bytes) === hash) objects.set(hash, bytes);
  }
  return objects;
}

/** Names a release before it is verified, so that a refusal can say which one. */
function nameRelease(message: ReleaseMessage): { appId: string; header: string; number: number } | undefined {
  const parsed = parseEnvelope(message.chain.at(-1));
  if (!parsed.ok) return undefined;
  const bytes = fromBase64(parsed.value.payload);
  let number = 0;
  try {
    const payload = JSON.parse(new TextDecoder().decode(bytes)) as { number?: unknown };
    if (Number.isSafeInteger(payload.number)) number = payload.number as number;
  } catch {
    // The refusal says it better than we could here.
  }
  return { appId: message.appId, header: itemHash(parsed.value), number };
}

function notBase64(): Fault {
  return fault(
    'release.body-mismatch',
    'denied',
    'the body is not canonical base64',
    'send the exact bytes that were signed',
    { field: 'body' },
  );
}

function objectMissing(hash: string): Fault {
  return fault(
    'release.object-missing',
    'permanent',
    `the core does not hold object ${hash} that the release names`,
    'deploy again: the device sends the objects with it',
    { detail: { hash } },
  );
}
