import { type Fleet, findNode } from '#shared/device/index.ts';
import type { AppView, FleetView, SecretUse } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Random, type Result, randomId, utf8ToText } from '#shared/kernel/index.ts';
import type { DocumentEditor, JsonValue, Replica } from '#shared/replica/index.ts';
import type { NodeIdentity } from '#shared/trust/index.ts';
import { badOption, type VerbInput } from '../options.ts';
import { type AppWish, type RouteWish, readAppWish } from './app-wish.ts';
import { appDocument, readAppView, readFleetView } from './find-app.ts';
import { levelSecret, openOwnerCopy, type SealedCopies, sealNewSecret } from './seal-secrets.ts';

export interface EditContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly random: Random;
}

/** A secret as it shall stand in the document. */
interface SecretChange extends SealedCopies {
  readonly itemId: string | null;
  readonly name: string;
  readonly uses: readonly SecretUse[];
}

/**
 * Edits desired state by the options of `apps plan` and `apps deploy`: makes the app when it is new, seals what is
 * secret, writes one signed row (two for a new app). Nothing is written when any part of it is refused.
 */
export async function editApp(
  context: EditContext,
  fleet: Fleet,
  replica: Replica,
  input: VerbInput,
): Promise<Result<AppView>> {
  const name = input.arg(0);
  const index = readFleetView(replica);
  if (!index.ok) return index;
  const known = index.value.apps.find((app) => app.name === name || app.appId === name);
  if (!known && !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return err(badName(name));
  const view = known ? readAppView(replica, known.appId) : ok(undefined);
  if (!view.ok) return view;
  const present = view.value;
  const node = findNode(fleet.trust(), input.text('node') ?? present?.node ?? undefined);
  if (!node.ok) return node;
  const values = await openSecrets(fleet, present);
  if (!values.ok) return values;
  const wish = readAppWish(input, { ...context, present, secretValues: values.value });
  if (!wish.ok) return wish;
  const route = decideRoute(present, wish.value.route);
  if (!route.ok) return route;
  const free = checkHostname(replica, index.value, present, route.value);
  if (!free.ok) return free;
  const appId = present?.appId ?? randomId(context.random);
  const secrets = await decideSecrets(fleet, appId, node.value, present, wish.value);
  if (!secrets.ok) return secrets;

  const edited = await replica.edit(appDocument(appId), (editor) =>
    writeApp(editor, {
      name: present?.name ?? name,
      node: node.value,
      present,
      wish: wish.value,
      route: route.value,
      secrets: secrets.value,
    }),
  );
  if (!edited.ok) return edited;
  if (!known) {
    // The index comes last: cut off in between, an app that nobody can see is left, never a name without an app.
    const listed = await replica.edit('fleet', (editor) => void editor.addItem('apps', { appId, name }));
    if (!listed.ok) return listed;
  }
  return readAppView(replica, appId);
}

/** Present secret values as text, for a new rendering; a binary one can not come from the catalogue. */
async function openSecrets(fleet: Fleet, present: AppView | undefined): Promise<Result<Map<string, string>>> {
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
    changes.push({ ...copies.value, itemId: secret.id, name: secret.name, uses: wanted?.uses ?? secret.uses });
  }
  for (const [name, { value, uses }] of wish.secrets) {
    if (changes.some((change) => change.name === name)) continue;
    if (uses === undefined || uses.length === 0) {
      return err(
        badOption(
          'cli.missing-option',
          '--secret-use',
          `no service takes the secret "${name}"`,
          `Name it under "secrets" of a service in the Compose file, or give --secret-use ${name}=SERVICE:/path or ${name}=SERVICE:VARIABLE.`,
        ),
      );
    }
    const copies = await sealNewSecret(fleet, { appId, node, name, version: 1, value });
    changes.push({ ...copies, itemId: null, name, uses });
  }
  return ok(changes);
}

type RouteChange = { readonly itemId: string | null; readonly fields: Readonly<Record<string, JsonValue>> };

/** One app, one name is the usual case: a new --host then renames the only route; with several it adds one. */
function decideRoute(present: AppView | undefined, wish: RouteWish | undefined): Result<RouteChange | undefined> {
  if (wish === undefined) return ok(undefined);
  const routes = present?.routes ?? [];
  const same = routes.find((route) => route.hostname === wish.hostname);
  const route = same ?? (routes.length === 1 ? routes[0] : undefined);
  const hostname = wish.hostname ?? route?.hostname;
  if (hostname === undefined) {
    return err(badOption('cli.missing-option', '--host', 'a route needs a name', 'Give --host NAME.'));
  }
  const service = wish.service ?? route?.service;
  const port = wish.port ?? route?.port;
  if (service === undefined || port === undefined) {
    const flag = service === undefined ? '--service' : '--port';
    return err(
      badOption(
        'cli.missing-option',
        flag,
        `${hostname} must lead somewhere`,
        'Give --service NAME and --port NUMBER.',
      ),
    );
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
  replica: Replica,
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
        field: '--host',
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
  for (const { itemId, name, version, uses, ownerCopy, nodeCopies } of about.secrets) {
    writeItem(editor, 'secrets', itemId, { name, version, uses: toJson(uses), ownerCopy, nodeCopies });
  }
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

/** Sets the fields of an item, or adds it. */
export function writeItem(
  editor: DocumentEditor,
  collection: string,
  itemId: string | null,
  fields: Readonly<Record<string, JsonValue>>,
): void {
  if (itemId === null) editor.addItem(collection, fields);
  else for (const [name, value] of Object.entries(fields)) editor.setItem(collection, itemId, name, value);
}

/** A value of a schema as the document's JSON: drops what is undefined. */
export function toJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
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
