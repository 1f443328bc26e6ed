import { err, ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { appDocument, listAppViews } from '../apps/find-app.ts';
import { resealOwnerCopy } from '../apps/seal-secrets.ts';
import { writeItem } from '../apps/write-item.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { uploadObjects } from '../fleet/objects.ts';

/** Which secrets have copies for every owner device again, and which can not be opened. */
export interface Resealed {
  readonly sealed: readonly { readonly app: string; readonly name: string }[];
  readonly closed: readonly { readonly app: string; readonly name: string; readonly why: string }[];
}

/**
 * SEC-3: seals every secret anew to the owner devices that count now: after one came, or when the words claimed the fleet
 * back. `identity` opens the present copies. The edits travel with the next sync.
 */
export async function resealSecrets(
  fleet: Fleet,
  replica: Replica,
  identity: string | null = fleet.device.ageIdentity,
): Promise<Result<Resealed>> {
  const apps = listAppViews(replica);
  if (!apps.ok) return apps;
  const sealed: { app: string; name: string }[] = [];
  const closed: { app: string; name: string; why: string }[] = [];
  for (const { appId, name: app, secrets } of apps.value) {
    const copies = new Map<string, string>();
    for (const secret of secrets) {
      const copy = await resealOwnerCopy(fleet, appId, secret, identity);
      if (!copy.ok && copy.error.kind === 'transient') return copy;
      if (copy.ok) copies.set(secret.id, copy.value);
      if (copy.ok) sealed.push({ app, name: secret.name });
      else closed.push({ app, name: secret.name, why: copy.error.message });
    }
    // First the copies, then what names them: nobody may find a name without its copy.
    const uploaded = await uploadObjects(fleet, copies.values());
    if (!uploaded.ok) return uploaded;
    const edited = await replica.edit(appDocument(appId), (editor) => {
      for (const [id, ownerCopy] of copies) writeItem(editor, 'secrets', id, { ownerCopy });
    });
    if (!edited.ok) return err(edited.error);
  }
  return ok({ sealed, closed });
}
