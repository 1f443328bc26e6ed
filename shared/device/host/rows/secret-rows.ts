import type { SecretRow } from '#shared/contracts/ipc/index.ts';
import type { AppView } from '#shared/domain/apps/index.ts';
import type { SignedRelease } from '../../releases/release-chain.ts';

/** Rows of an app's secrets: names and places, never a value. */
export function toSecretRows(view: AppView, base: SignedRelease | null, canReveal: boolean): SecretRow[] {
  return view.secrets.map((secret) => {
    const signed = base?.body.secrets.find(({ name }) => name === secret.name);
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
      canReveal,
    };
  });
}
