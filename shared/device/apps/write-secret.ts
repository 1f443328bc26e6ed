import type { AppView, ReleaseBody, SecretUse } from '#shared/domain/apps/index.ts';
import type { DocumentEditor } from '#shared/replica/index.ts';
import type { SealedCopies } from './seal-secrets.ts';
import { toJson, writeItem } from './write-item.ts';

/**
 * Writes a secret with its sealed copies. The copies that the last release names stay beside newer ones: so the edit can be
 * taken back, and everybody can say which version still runs.
 */
export function writeSecret(
  editor: DocumentEditor,
  about: {
    readonly present: AppView['secrets'][number] | undefined;
    readonly name: string;
    readonly copies: SealedCopies;
    readonly uses: readonly SecretUse[];
    /** nodeId */
    readonly node: string;
    /** Body of the last signed release on this node. */
    readonly base: Pick<ReleaseBody, 'secrets'> | null | undefined;
  },
): void {
  const { present, name, copies, uses, node, base } = about;
  writeItem(editor, 'secrets', present?.id ?? null, { name, ...copies, uses: toJson(uses) });
  if (!present || copies.ownerCopy === present.ownerCopy) return;
  const released = base?.secrets.find((item) => item.name === present.name);
  if (released === undefined || released.sha256 !== present.nodeCopies[node]) return;
  const { version, ownerCopy, nodeCopies, madeAt } = present;
  editor.setItem('secrets', present.id, 'signed', toJson({ version, ownerCopy, nodeCopies, madeAt }));
}
