import type { SecretRow } from '#shared/contracts/ipc/index.ts';

/** Secrets in which every word of a text stands: in the name, the app, a service, a variable or a path. */
export function filterSecrets(secrets: readonly SecretRow[], text: string): readonly SecretRow[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return secrets;
  return secrets.filter((secret) => {
    const said = [
      secret.name,
      secret.appName,
      ...secret.uses.flatMap((use) => [use.service, use.as === 'env' ? use.env : use.path]),
    ]
      .join(' ')
      .toLowerCase();
    return wanted.every((word) => said.includes(word));
  });
}
