import type { AppView } from './app-view.ts';
import type { ReleaseBody } from './release-body.ts';

/**
 * How far the present value of a secret has come on one node. `new`: no release of this node has a value of it. `old`: the
 * last signed release has another value, so the app must be deployed to get this one. `signed`: the last release has it, and
 * the node runs another release still. `current`: what runs has it.
 */
export type SecretStatus = 'new' | 'old' | 'signed' | 'current';

/** One secret of an app on one node. */
export interface SecretOnNode {
  readonly name: string;
  /** nodeId */
  readonly node: string;
  readonly version: number;
  readonly status: SecretStatus;
  /** The version that runs while it is not the present one; null where that is not known. */
  readonly runs: number | null;
}

/** What a node has of an app: its last signed release, and the one that it says it runs. */
export interface SecretsReleased {
  readonly node: string;
  readonly base: { readonly header: string; readonly body: Pick<ReleaseBody, 'secrets' | 'state'> } | null;
  /** Header of the running release; undefined while the node has not been heard. */
  readonly running: string | null | undefined;
}

/** Where each secret of an app stands on a node: a new value runs nowhere until the app is deployed. */
export function secretsOnNode(view: Pick<AppView, 'secrets'>, released: SecretsReleased): readonly SecretOnNode[] {
  const { node, base, running } = released;
  return view.secrets.map((secret): SecretOnNode => {
    const { name, version } = secret;
    const named = base?.body.state === 'removed' ? undefined : base?.body.secrets.find((item) => item.name === name);
    if (base === null || named === undefined) return { name, node, version, status: 'new', runs: null };
    if (named.sha256 === secret.nodeCopies[node]) {
      const isThere = running === undefined || running === base.header || base.body.state !== 'running';
      return { name, node, version, status: isThere ? 'current' : 'signed', runs: isThere ? version : null };
    }
    // A copy that was only sealed anew for the same value is no other version.
    const before = secret.signed?.nodeCopies[node] === named.sha256 ? secret.signed.version : null;
    return { name, node, version, status: 'old', runs: before };
  });
}

/** Secrets whose present value does not run yet where an older one does. */
export function dueSecrets(secrets: readonly SecretOnNode[]): readonly SecretOnNode[] {
  return secrets.filter(({ status }) => status === 'old' || status === 'signed');
}
