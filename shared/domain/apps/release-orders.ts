import { sha256Hex, utf8 } from '#shared/kernel/index.ts';
import type { ReleaseBody } from './release-body.ts';
import { isSameJson, toSortedJson } from './same-json.ts';

/** What a signed release of an app can be an order to do. */
export type ReleaseVerb = 'deploy' | 'rollback' | 'stop' | 'start' | 'remove';

/** One thing that a release does, as the verbs of which its signer needs one. */
export type ReleaseOrder = readonly ReleaseVerb[];

/** What a node knows of an app when a release of it comes. */
export interface ReleaseHistory {
  /** Body of the last accepted release; null where there is none or it can not be read. */
  readonly accepted: ReleaseBody | null;
  /** Body of the last release that succeeded, likewise. */
  readonly running: ReleaseBody | null;
  /** This content was accepted before, whatever its state and whichever program wrote it down. */
  readonly isEarlier: boolean;
}

/**
 * REL-18: what a release does, by its body and not by what its signer calls it. New content is a deploy; content that
 * was accepted before may also be a rollback; what changes nothing but the state is a stop, a start or a removal.
 */
export function ordersOf(body: ReleaseBody, history: ReleaseHistory): readonly ReleaseOrder[] {
  const { accepted, running, isEarlier } = history;
  if (body.kind !== 'app') return [['deploy']];
  const before = accepted?.kind === 'app' ? accepted.state : null;
  const isPresent = [accepted, running].some((one) => one !== null && isSameContent(one, body));
  const content: ReleaseOrder = isPresent || isEarlier ? ['deploy', 'rollback'] : ['deploy'];
  if (body.state === 'removed') return isPresent ? [['remove']] : [['remove'], content];
  if (body.state === 'stopped') {
    if (before === 'stopped') return [isPresent ? ['stop', ...content] : content];
    // A removed app does not come back by a stop and a start.
    return isPresent && before === 'running' ? [['stop']] : [['stop'], content];
  }
  // Who brings content may let it run: a deploy is how a stopped app is put up again.
  return [isPresent && before === 'stopped' ? ['start', ...content] : content];
}

/**
 * Names the content of a body, whatever state it wants. Fields without anything in them are left out: a later program that
 * knows one more reads an old body with that field empty, and the content is the same.
 */
export function contentHashOf(body: ReleaseBody): string {
  const said = Object.entries(contentOf(body)).filter(([, value]) => !isEmpty(value));
  return sha256Hex(utf8(toSortedJson(Object.fromEntries(said))));
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === null || value === undefined;
}

/** Whether two bodies differ in nothing but the wanted state, and in the data that goes with a removal. */
function isSameContent(a: ReleaseBody, b: ReleaseBody): boolean {
  return isSameJson(contentOf(a), contentOf(b));
}

function contentOf(body: ReleaseBody): object {
  const { state: _state, ...content } = body;
  return content.kind === 'app' ? { ...content, deleteVolumes: [] } : content;
}
