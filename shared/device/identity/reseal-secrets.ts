import { type FleetView, parseFleetView } from '#shared/domain/apps/index.ts';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { appDocument, listAppViews } from '../apps/find-app.ts';
import { resealCopies } from '../apps/seal-secrets.ts';
import { toJson, writeItem } from '../apps/write-item.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { uploadObjects } from '../fleet/objects.ts';

/** Which secrets have copies for every owner device again, and which can not be opened. */
export interface Resealed {
  readonly sealed: readonly ResealedSecret[];
  readonly closed: readonly { readonly app: string; readonly name: string; readonly why: string }[];
}

/** A secret that was sealed anew; `node` is the server that had no copy of it and has one now. */
export interface ResealedSecret {
  readonly app: string;
  readonly name: string;
  readonly node: string | null;
}

/**
 * SEC-3: seals every secret anew to the owner devices that count now: after one came, or when the words claimed the fleet
 * back. A server that an app was moved to and that has no copy gets one too; copies that are there stay, so nothing restarts.
 * `identity` opens the present copies. The edits travel with the next sync.
 */
export async function resealSecrets(
  fleet: Fleet,
  replica: Replica,
  identity: string | null = fleet.device.ageIdentity,
): Promise<Result<Resealed>> {
  const apps = listAppViews(replica);
  if (!apps.ok) return apps;
  const index = parseFleetView(replica.snapshot('fleet'));
  if (!index.ok) return index;
  const done: MutableResealed = { sealed: [], closed: [] };
  for (const { appId, name, node, secrets } of apps.value) {
    const opened = await reseal(fleet, { app: name, appId, node, secrets, identity, done });
    if (!opened.ok) return opened;
    const edited = await replica.edit(appDocument(appId), (editor) => {
      for (const [{ id }, copies] of opened.value) writeItem(editor, 'secrets', id, { ...copies });
    });
    if (!edited.ok) return err(edited.error);
  }
  for (const connector of index.value.connectors) {
    const resealed = await resealConnector(fleet, replica, connector, { identity, done });
    if (!resealed.ok) return resealed;
  }
  return ok(done);
}

interface MutableResealed {
  readonly sealed: ResealedSecret[];
  readonly closed: { readonly app: string; readonly name: string; readonly why: string }[];
}

type Stored = Parameters<typeof resealCopies>[2];
type Copies = { readonly ownerCopy: string; readonly nodeCopies: Record<string, string> };

/** The credentials of a connector stand in the fleet's index as one value. */
async function resealConnector(
  fleet: Fleet,
  replica: Replica,
  connector: FleetView['connectors'][number],
  by: { readonly identity: string | null; readonly done: MutableResealed },
): Promise<Result<void>> {
  const { id, appId, node, vendor, secrets } = connector;
  const opened = await reseal(fleet, { app: vendor, appId, node, secrets, ...by });
  if (!opened.ok) return opened;
  if (opened.value.size === 0) return ok();
  const fresh = secrets.map((secret) => ({ ...secret, ...opened.value.get(secret) }));
  return replica.edit('fleet', (editor) => writeItem(editor, 'connectors', id, { secrets: toJson(fresh) }));
}

/** New copies by secret, already at the core: nobody may find a name without its copy. */
async function reseal<S extends Stored>(
  fleet: Fleet,
  about: {
    readonly app: string;
    readonly appId: string;
    readonly node: string | null;
    readonly secrets: readonly S[];
    readonly identity: string | null;
    readonly done: MutableResealed;
  },
): Promise<Result<ReadonlyMap<S, Copies>>> {
  const { app, appId, secrets, identity, done } = about;
  const node = fleet.trust().nodes.get(about.node ?? '');
  const copies = new Map<S, Copies>();
  for (const secret of secrets) {
    const made = await resealCopies(fleet, appId, secret, { identity, node });
    if (!made.ok && made.error.kind === 'transient') return made;
    const { name } = secret;
    if (!made.ok) {
      done.closed.push({ app, name, why: made.error.message });
      continue;
    }
    copies.set(secret, made.value);
    const isNew = node !== undefined && secret.nodeCopies[node.nodeId] === undefined;
    done.sealed.push({ app, name, node: isNew ? node.name : null });
  }
  const made = [...copies].flatMap(([{ nodeCopies: before }, { ownerCopy, nodeCopies }]) => [
    ownerCopy,
    ...Object.entries(nodeCopies).flatMap(([id, hash]) => (before[id] === hash ? [] : [hash])),
  ]);
  const uploaded = await uploadObjects(fleet, made);
  return uploaded.ok ? ok(copies) : uploaded;
}
