import type { AppView, SecretUse } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { findNode } from '../fleet/find-node.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { readLocalBase } from '../releases/release-chain.ts';
import { appDocument, findApp, readAppView } from './find-app.ts';
import { levelSecret, openOwnerCopy, sealNewSecret } from './seal-secrets.ts';
import { writeSecret } from './write-secret.ts';

/** A secret of an app, opened on this device. */
export interface OpenedSecret {
  readonly app: AppView;
  readonly name: string;
  readonly version: number;
  readonly value: Uint8Array;
}

/** Opens one secret from this device's own copy; nobody else takes part. App by name or id. */
export async function revealSecret(
  fleet: Fleet,
  replica: Replica,
  wanted: { app: string; name: string },
): Promise<Result<OpenedSecret>> {
  const view = findApp(replica, wanted.app);
  if (!view.ok) return view;
  const secret = view.value.secrets.find(({ name }) => name === wanted.name);
  if (!secret) return err(noSecret(view.value, wanted.name));
  const opened = await openOwnerCopy(fleet, view.value.appId, secret);
  if (!opened.ok) return opened;
  return ok({ app: view.value, name: secret.name, version: secret.version, value: opened.value });
}

/**
 * Gives a secret a value, sealed before anything is written; the next release carries it. A secret that is new needs
 * its uses. Nothing else of the app changes.
 */
export async function setSecret(
  fleet: Fleet,
  replica: Replica,
  about: { app: string; name: string; value: Uint8Array; uses?: readonly SecretUse[] },
): Promise<Result<AppView>> {
  const view = findApp(replica, about.app);
  if (!view.ok) return view;
  const { appId } = view.value;
  const node = findNode(fleet.trust(), view.value.node ?? undefined);
  if (!node.ok) return node;
  const { name, value } = about;
  const secret = view.value.secrets.find((item) => item.name === name);
  const uses = about.uses ?? secret?.uses ?? [];
  if (uses.length === 0) return err(noSecret(view.value, name));
  const sealed = secret
    ? await levelSecret(fleet, { appId, node: node.value, secret, value })
    : ok(await sealNewSecret(fleet, { appId, node: node.value, name, version: 1, value }));
  if (!sealed.ok) return sealed;
  const copies = sealed.value;
  const base = await readLocalBase(fleet, appId, node.value.nodeId);
  if (!base.ok) return base;
  const edited = await replica.edit(appDocument(appId), (editor) =>
    writeSecret(editor, { present: secret, name, copies, uses, node: node.value.nodeId, base: base.value?.body }),
  );
  return edited.ok ? readAppView(replica, appId) : edited;
}

function noSecret({ name, secrets }: AppView, wanted: string) {
  const names = secrets.map((secret) => secret.name).join(', ');
  return fault('secret.unknown', 'permanent', `${name} has no secret "${wanted}"`, `It has: ${names || 'none'}.`, {
    field: 'name',
  });
}
