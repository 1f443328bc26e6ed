import type { SecretRow } from '#shared/contracts/ipc/index.ts';
import type { ObservedApp } from '#shared/contracts/link/observed.ts';
import { type AppView, dueSecrets, secretsOnNode } from '#shared/domain/apps/index.ts';
import type { SignedRelease } from '../../releases/release-chain.ts';
import type { RemovedReaders } from './removed-readers.ts';

/** Everything that the rows of an app's secrets are made of. */
export interface SecretRowParts {
  readonly view: AppView;
  readonly nodeName: string;
  readonly base: SignedRelease | null;
  /** What the node tells of the app; undefined while it was not heard. */
  readonly observed: ObservedApp | undefined;
  readonly canReveal: boolean;
  readonly removedReaders: RemovedReaders;
}

/** Rows of an app's secrets: names and places, never a value. */
export function toSecretRows(parts: SecretRowParts): SecretRow[] {
  const { view, nodeName, base, canReveal, removedReaders } = parts;
  const due = dueSecretsOf(parts);
  return view.secrets.map((secret) => {
    const signed = base?.body.secrets.find(({ name }) => name === secret.name);
    const old = due.find(({ name }) => name === secret.name);
    return {
      id: secret.id,
      appId: view.appId,
      appName: view.name,
      name: secret.name,
      version: secret.version,
      uses: secret.uses.map((use) =>
        use.as === 'file'
          ? { as: 'file', service: use.service, path: use.path }
          : { as: 'env', service: use.service, env: use.env },
      ),
      edited: signed?.sha256 !== secret.nodeCopies[view.node ?? ''],
      old: old ? { nodeName, runs: old.runs, signed: old.status === 'signed' } : null,
      readBy: removedReaders({ appId: view.appId, kind: 'app', node: view.node, secret }),
      canReveal,
    };
  });
}

/** Secrets of an app whose present value does not run yet where an older one does. */
export function dueSecretsOf({ view, base, observed }: Pick<SecretRowParts, 'view' | 'base' | 'observed'>) {
  if (view.node === null) return [];
  const running = observed ? (observed.running?.header ?? null) : undefined;
  return dueSecrets(secretsOnNode(view, { node: view.node, base, running }));
}
