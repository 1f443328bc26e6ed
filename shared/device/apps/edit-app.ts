import type { AppView, FleetView, ReleaseBody, SecretUse } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Random, type Result, randomId, utf8ToText } from '#shared/kernel/index.ts';
import type { DesiredState, DocumentEditor, JsonValue } from '#shared/replica/index.ts';
import type { NodeIdentity } from '#shared/trust/index.ts';
import { findNode } from '../fleet/find-node.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { readLocalBase } from '../releases/release-chain.ts';
import type { AppWish, RouteWish } from './app-wish.ts';
import { appDocument, readAppView, readFleetView } from './find-app.ts';
import { levelSecret, openOwnerCopy, type SealedCopies, sealNewSecret } from './seal-secrets.ts';
import { toJson, writeItem } from './write-item.ts';
import { writeSecret } from './write-secret.ts';

/** Which app: by name or id. A name that no app has makes a new one. */
export interface AppEdit {
  readonly app: string;
  /** Node by name or id; undefined keeps the present one, or takes the only one there is. */
  readonly node: string | undefined;
  readonly wish: AppWish;
}

/** A secret as it shall stand in the document. */
interface SecretChange {
  readonly present: AppView['secrets'][number] | undefined;
  readonly name: string;
  readonly copies: SealedCopies;
  readonly uses: readonly SecretUse[];
}

/** The app that is meant, undefined for a new one. Errors: `cli.bad-name` for what can not become a name. */
export function findPresent(replica: DesiredState, wanted: string): Result<AppView | undefined> {
  const index = readFleetView(replica);
  if (!index.ok) return index;
  const known = index.value.apps.find((app) => app.name === wanted || app.appId === wanted);
  if (known) return readAppView(replica, known.appId);
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(wanted) ? ok(undefined) : err(badName(wanted));
}

/**
 * Writes a wish into desired state: makes the app when it is new, seals what is secret, writes one signed row (two for
 * a new app). Nothing is written when any part of it is refused.
 */
export async function editApp(
  context: { readonly random: Random },
  fleet: Fleet,
  replica: DesiredState,
  about: AppEdit,
): Promise<Result<AppView>> {
  const { wish } = about;
  const found = findPresent(replica, about.app);
  if (!found.ok) return found;
  const present = found.value;
  const index = readFleetView(replica);
  if (!index.ok) return index;
  const node = findNode(fleet.trust(), about.node ?? present?.node ?? undefined);
  if (!node.ok) return node;
  const route = decideRoute(present, wish.route);
  if (!route.ok) return route;
  const free = checkHostname(replica, index.value, present, route.value);
  if (!free.ok) return free;
  const appId = present?.appId ?? randomId(context.random);
  const secrets = await decideSecrets(fleet, appId, node.value, present, wish);
  if (!secrets.ok) return secrets;
  const base = await readLocalBase(fleet, appId, node.value.nodeId);
  if (!base.ok) return base;

  const edited = await replica.edit(appDocument(appId), (editor) =>
    writeApp(editor, {
      name: present?.name ?? about.app,
      node: node.value,
      present,
      wish,
      route: route.value,
      secrets: secrets.value,
      base: base.value?.body,
    }),
  );
  if (!edited.ok) return edited;
  if (!present) {
    // The index comes last: cut off in between, an app that nobody can see is left, never a name without an app.
    const listed = await replica.edit('fleet', (editor) => void editor.addItem('apps', { appId, name: about.app }));
    if (!listed.ok) return listed;
  }
  return readAppView(replica, appId);
}

/** Present secret values of a catalogue app as text, for a new rendering; a binary one can not come from the catalogue. */
export async function openSecretValues(
  fleet: Fleet,
  present: AppView | undefined,
): Promise<Result<Map<string, string>>> {
  const values = new Map<string, string>();
  if (present?.source.kind !== 'catalog') return ok(values);
  for (const secret of present.secrets) {
    const opened = await openOwnerCopy(fleet, present.appId, secret);
    if (!opened.ok) return opened;
    try {
      values.set(secret.name, utf8ToText(opened.value));
    } catch {
      // Not text: the person gave it as a file.
    }
  }
  return ok(values);
}

async function decideSecrets(
  fleet: Fleet,
  appId: string,
  node: NodeIdentity,
  present: AppView | undefined,
  wish: AppWish,
): Promise<Result<SecretChange[]>> {
  const changes: SecretChange[] = [];
  for (const secret of present?.secrets ?? []) {
    const wanted = wish.secrets.get(secret.name);
    const about = { appId, node, secret, ...(wanted ? { value: wanted.value } : {}) };
    const copies = await levelSecret(fleet, about);
    if (!copies.ok) return copies;
    const uses = wanted?.uses ?? secret.uses;
    changes.push({ present: secret, copies: copies.value, name: secret.name, uses });
  }
  for (const [name, { value, uses }] of wish.secrets) {
    if (changes.some((change) => change.name === name)) continue;
    if (uses === undefined || uses.length === 0) {
      return err(
        missing(
          'secretUse',
          `no service takes the secret "${name}"`,
          `Name it under "secrets" of a service in the Compose file, or say which service takes ${name} and where.`,
        ),
      );
    }
    const copies = await sealNewSecret(fleet, { appId, node, name, version: 1, value });
    changes.push({ present: undefined, copies, name, uses });
  }
  return ok(changes);
}

type RouteChange = { readonly itemId: string | null; readonly fields: Readonly<Record<string, JsonValue>> };

/** One app, one name is the usual case: a new host name then renames the only route; with several it adds one. */
function decideRoute(present: AppView | undefined, wish: RouteWish | undefined): Result<RouteChange | undefined> {
  if (wish === undefined) return ok(undefined);
  const routes = present?.routes ?? [];
  const same = routes.find((route) => route.hostname === wish.hostname);
  const route = same ?? (routes.length === 1 ? routes[0] : undefined);
  const hostname = wish.hostname ?? route?.hostname;
  if (hostname === undefined) {
    return err(missing('host', 'a route needs a name', 'Say which name leads to the app.'));
  }
  const service = wish.service ?? route?.service;
  const port = wish.port ?? route?.port;
  if (service === undefined || port === undefined) {
    const field = service === undefined ? 'service' : 'port';
    return err(missing(field, `${hostname} must lead somewhere`, 'Say which service answers there, and its port.'));
  }
  const fields: Record<string, JsonValue> = { hostname, service, port };
  for (const key of ['scheme', 'address', 'dns', 'tls'] as const) {
    const value = wish[key];
    if (value !== undefined) fields[key] = value;
  }
  return ok({ itemId: route?.id ?? null, fields });
}

/** A name serves one app: the other one would be cut off, or this one never reached. */
function checkHostname(
  replica: DesiredState,
  index: FleetView,
  present: AppView | undefined,
  change: RouteChange | undefined,
): Result<void> {
  for (const { appId, name } of change ? index.apps : []) {
    const other = appId === present?.appId ? undefined : readAppView(replica, appId);
    if (!other?.ok || other.value.state === 'removed') continue;
    if (!other.value.routes.some(({ hostname }) => hostname === change?.fields.hostname)) continue;
    const text = `${String(change?.fields.hostname)} belongs to the app "${name}"`;
    return err(
      fault('route.hostname-taken', 'conflict', text, `Take another name, or remove ${name} first.`, {
        field: 'host',
      }),
    );
  }
  return ok();
}

function writeApp(
  editor: DocumentEditor,
  about: {
    name: string;
    node: NodeIdentity;
    present: AppView | undefined;
    wish: AppWish;
    route: RouteChange | undefined;
    secrets: readonly SecretChange[];
    base: ReleaseBody | undefined;
  },
): void {
  const { present, wish, route } = about;
  editor.set('name', about.name);
  editor.set('node', about.node.nodeId);
  editor.set('state', 'running');
  if (wish.source !== undefined) editor.set('source', toJson(wish.source));
  if (wish.compose !== undefined) editor.setText('compose', wish.compose);
  if (wish.policies !== undefined) editor.set('policies', toJson(wish.policies));
  writeEnvironment(editor, present, wish.env);
  const { base, node } = about;
  for (const secret of about.secrets) writeSecret(editor, { ...secret, node: node.nodeId, base });
  if (route) writeItem(editor, 'routes', route.itemId, route.fields);
  for (const exception of wish.exceptions) {
    const { rule, service, value } = exception;
    const same = present?.exceptions.find(
      (item) => item.rule === rule && item.service === service && item.value === value,
    );
    writeItem(editor, 'exceptions', same?.id ?? null, toJson(exception) as Record<string, JsonValue>);
  }
}

function writeEnvironment(
  editor: DocumentEditor,
  present: AppView | undefined,
  env: ReadonlyMap<string, string>,
): void {
  for (const [key, value] of env) {
    const same = present?.env.find((item) => item.key === key);
    writeItem(editor, 'env', same?.id ?? null, { key, value });
  }
}

function missing(field: string, text: string, next: string) {
  return fault('cli.missing-option', 'permanent', text, next, { field });
}

function badName(name: string) {
  return fault(
    'cli.bad-name',
    'permanent',
    `"${name}" is not a name for an app`,
    'Take lower-case letters, digits and hyphens, at most 63.',
    { field: 'name' },
  );
}
