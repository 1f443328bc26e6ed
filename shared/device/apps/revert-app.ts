import type { AppBody, AppView, FleetView } from '#shared/domain/apps/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import type { DocumentEditor, FieldState, JsonValue, Replica } from '#shared/replica/index.ts';
import { appDocument } from './find-app.ts';
import { toJson, writeItem } from './write-item.ts';

/** Brings an app's desired state back to what its last signed release says; nothing is planned after it. */
export function revertApp(replica: Replica, view: AppView, index: FleetView, body: AppBody): Promise<Result<void>> {
  const doc = appDocument(view.appId);
  return replica.edit(doc, (editor) => {
    const fields = replica.fields(doc) ?? new Map<string, FieldState>();
    editor.set('state', body.state);
    editor.setText('compose', body.compose);
    editor.set('policies', toJson(body.policies));
    editor.set('source', toJson(body.source));
    revertEnvironment(editor, view, body);
    revertRoutes(editor, view, index, body, fields);
    revertExceptions(editor, view, body);
    revertSecrets(editor, view, body, fields);
  });
}

function revertEnvironment(editor: DocumentEditor, view: AppView, body: AppBody): void {
  for (const item of view.env) if (!Object.hasOwn(body.env, item.key)) editor.removeItem('env', item.id);
  for (const [key, value] of Object.entries(body.env))
    writeItem(editor, 'env', view.env.find((item) => item.key === key)?.id ?? null, { key, value });
}

/** A route keeps its id, so one that was removed comes back as the same. */
function revertRoutes(
  editor: DocumentEditor,
  view: AppView,
  index: FleetView,
  body: AppBody,
  fields: ReadonlyMap<string, FieldState>,
): void {
  for (const item of view.routes)
    if (!body.routes.some(({ routeId }) => routeId === item.id)) editor.removeItem('routes', item.id);
  const address = index.ingresses.find(({ node }) => node === view.node)?.publicAddresses[0];
  for (const { routeId, hostname, service, port, scheme, tls } of body.routes) {
    const record = body.dns.find((one) => one.routeId === routeId);
    const present = view.routes.find(({ id }) => id === routeId);
    const before = {
      address: present?.address ?? fieldOf(fields, `routes/${routeId}/address`) ?? null,
      dns: present?.dns ?? fieldOf(fields, `routes/${routeId}/dns`) ?? 'auto',
    };
    const dns = record === undefined ? 'off' : before.dns === 'off' || record.connector !== null ? 'auto' : before.dns;
    const content = record && (before.address ?? address) !== record.content ? record.content : before.address;
    if (fields.has(`routes/${routeId}/removedAt`)) editor.setItem('routes', routeId, 'removedAt', null);
    writeItem(editor, 'routes', routeId, {
      hostname,
      service,
      port,
      scheme,
      tls,
      dns,
      address: content,
      proxied: record?.proxied ?? present?.proxied ?? false,
    });
  }
}

function revertExceptions(editor: DocumentEditor, view: AppView, body: AppBody): void {
  const key = (one: { rule: string; service: string | null; value: string }) =>
    JSON.stringify([one.rule, one.service, one.value]);
  for (const item of view.exceptions)
    if (!body.exceptions.some((one) => key(one) === key(item))) editor.removeItem('exceptions', item.id);
  for (const { rule, service, value, reason } of body.exceptions) {
    const present = view.exceptions.find((item) => key(item) === key({ rule, service, value }));
    writeItem(editor, 'exceptions', present?.id ?? null, { rule, service, value, reason });
  }
}

/** A secret whose signed copies are still named comes back; what was overwritten more than once is gone. */
function revertSecrets(
  editor: DocumentEditor,
  view: AppView,
  body: AppBody,
  fields: ReadonlyMap<string, FieldState>,
): void {
  for (const item of view.secrets)
    if (!body.secrets.some(({ name }) => name === item.name)) editor.removeItem('secrets', item.id);
  for (const { name, sha256, uses } of body.secrets) {
    const itemId = view.secrets.find((item) => item.name === name)?.id ?? removedSecret(fields, name);
    if (itemId === undefined) continue;
    if (fields.has(`secrets/${itemId}/removedAt`)) editor.setItem('secrets', itemId, 'removedAt', null);
    editor.setItem('secrets', itemId, 'uses', toJson(uses));
    const signed = fieldOf(fields, `secrets/${itemId}/signed`) as SignedCopies | undefined;
    if (signed?.nodeCopies[view.node ?? ''] !== sha256) continue;
    const { version, ownerCopy, nodeCopies, madeAt = [] } = signed;
    writeItem(editor, 'secrets', itemId, { version, ownerCopy, nodeCopies, madeAt });
  }
}

/** The copies of a secret as the last signed release named them; kept beside newer ones. */
interface SignedCopies {
  readonly version: number;
  readonly ownerCopy: string;
  readonly nodeCopies: Record<string, string>;
  readonly madeAt?: string[];
}

function removedSecret(fields: ReadonlyMap<string, FieldState>, name: string): string | undefined {
  for (const [path, { value }] of fields) {
    const [collection, itemId, field] = path.split('/');
    if (collection === 'secrets' && field === 'name' && value === name) return itemId;
  }
  return undefined;
}

function fieldOf(fields: ReadonlyMap<string, FieldState>, path: string): JsonValue | undefined {
  return fields.get(path)?.value ?? undefined;
}
