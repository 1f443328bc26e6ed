import { err, type Fault, fault, ok, type Result } from '#shared/kernel/index.ts';
import { isOwnerDevice } from '../log/permissions.ts';
import type { TrustView } from '../log/view.ts';

/** A rule of the gates that a release sets aside, as far as permission depends on it. */
export interface GrantedException {
  readonly rule: string;
  /** null: for every service of the app. */
  readonly service: string | null;
  readonly value: string;
}

/** What permission depends on in the body of a release; the body's own schema lies in the domain. */
export interface JudgedBody {
  readonly kind: string;
  readonly deleteVolumes?: readonly string[];
  readonly exceptions?: readonly GrantedException[];
}

/** What an owner has let stand for an app on a node. */
export interface OwnerBase {
  /** Kind of the last accepted release; null when there was none. */
  readonly kind: string | null;
  /** Exceptions of the last accepted release that an owner signed: later ones of operators do not change them. */
  readonly exceptions: readonly GrantedException[];
}

/** The base of an app that this node has never seen. */
export const emptyBase: OwnerBase = { kind: null, exceptions: [] };

/**
 * REL-12..REL-14: may this signer order what the body says? The header does not say it, so the node reads the body (after
 * its hash has held) and asks. Owners may everything; an operator changes apps, deletes no data and grants nothing.
 */
export function decideBodyMay(about: {
  readonly state: TrustView;
  readonly signer: string;
  readonly body: JudgedBody;
  readonly base: OwnerBase;
}): Result<void> {
  const { state, signer, body, base } = about;
  if (isOwnerDevice(state, signer)) return ok();
  const settled = base.kind === null || base.kind === 'app' ? body.kind : base.kind;
  if (settled !== 'app') return err(kindNeedsOwner(settled));
  const volume = body.deleteVolumes?.[0];
  if (volume !== undefined) return err(deletionNeedsOwner(volume));
  const added = body.exceptions?.find((wanted) => !isGranted(base.exceptions, wanted));
  return added === undefined ? ok() : err(exceptionNeedsOwner(added));
}

/** REL-15: the base after a release was accepted: only an owner's signature changes what is granted. */
export function baseAfterAccept(about: {
  readonly state: TrustView;
  readonly signer: string;
  readonly body: JudgedBody;
  readonly base: OwnerBase;
}): OwnerBase {
  const { state, signer, body, base } = about;
  const granted = isOwnerDevice(state, signer) ? (body.exceptions ?? []) : base.exceptions;
  return { kind: body.kind, exceptions: granted.map(({ rule, service, value }) => ({ rule, service, value })) };
}

/** REL-14: whether one of these is the same rule and value, for the same service or for every one. */
export function isGranted(granted: readonly GrantedException[], wanted: GrantedException): boolean {
  return granted.some(
    ({ rule, service, value }) =>
      rule === wanted.rule && value === wanted.value && (service === null || service === wanted.service),
  );
}

const ON_OWNER_DEVICE = "sign it on an owner's desktop or CLI";

function kindNeedsOwner(kind: string): Fault {
  return fault(
    'release.kind-needs-owner',
    'denied',
    `the release is refused: an operator may change apps, this changes the ${kind} of a node`,
    ON_OWNER_DEVICE,
    { field: 'kind', detail: { kind } },
  );
}

function deletionNeedsOwner(volume: string): Fault {
  return fault(
    'release.deletion-needs-owner',
    'denied',
    `the release is refused: an operator may not delete data, and it deletes the volume ${JSON.stringify(volume)}`,
    `remove the app without its data, or ${ON_OWNER_DEVICE}`,
    { field: 'deleteVolumes', detail: { volume } },
  );
}

function exceptionNeedsOwner({ rule, service, value }: GrantedException): Fault {
  const where = service === null ? 'every service' : `service ${JSON.stringify(service)}`;
  return fault(
    'release.exception-needs-owner',
    'denied',
    `the release is refused: it sets the rule ${rule} aside for ${where} (${JSON.stringify(value)}), which no owner has signed`,
    ON_OWNER_DEVICE,
    { field: 'exceptions', detail: { rule, service: service ?? '', value } },
  );
}
