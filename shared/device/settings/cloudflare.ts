import { type ConnectorBody, connectorBodySchema } from '#shared/domain/apps/index.ts';
import { err, fault, ok, type Result, randomId, utf8 } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import type { NodeIdentity } from '#shared/trust/index.ts';
import { readFleetView } from '../apps/find-app.ts';
import { levelSecret, sealNewSecret } from '../apps/seal-secrets.ts';
import { toJson, writeItem } from '../apps/write-item.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { DeviceContext } from '../ports/device-context.ts';
import type { Settings } from './plan-settings.ts';

const SECRET = 'token';

/** What the person wants of a node's Cloudflare connector; what is undefined stays. */
export interface CloudflareWish {
  /** Read by `parseApiToken`; needed the first time. */
  readonly token: Uint8Array | undefined;
  /** For a double of the API; Cloudflare's own when it was never given. */
  readonly baseUrl: string | undefined;
  /** Empty keeps those there are; none at all means every zone that the token sees. */
  readonly zones: readonly string[];
}

/** An API token as a person pastes it; undefined when it can not be one. */
export function parseApiToken(text: string): Uint8Array | undefined {
  const token = text.trim();
  return /^[\x21-\x7e]{20,512}$/.test(token) ? utf8(token) : undefined;
}

/** Seals a token to its node and to the owner's devices, and writes the connector into desired state. */
export async function prepareCloudflare(
  context: DeviceContext,
  fleet: Fleet,
  replica: Replica,
  about: { node: NodeIdentity; wish: CloudflareWish },
): Promise<Result<Settings<ConnectorBody>>> {
  const { node, wish } = about;
  const index = readFleetView(replica);
  if (!index.ok) return index;
  const present = index.value.connectors.find((item) => item.vendor === 'cloudflare' && item.node === node.nodeId);
  const before = present?.secrets.find(({ name }) => name === SECRET);
  if (wish.token === undefined && before === undefined) return err(noToken());
  const baseUrl = wish.baseUrl ?? present?.settings.baseUrl ?? null;
  if (baseUrl !== null && !URL.canParse(baseUrl)) return err(badUrl(baseUrl));
  const appId = present?.appId ?? randomId(context.random);
  const sealing = { appId, node };
  const sealed = before
    ? await levelSecret(fleet, { ...sealing, secret: before, ...(wish.token ? { value: wish.token } : {}) })
    : ok(await sealNewSecret(fleet, { ...sealing, name: SECRET, version: 1, value: wish.token ?? utf8('') }));
  if (!sealed.ok) return sealed;
  const zones = wish.zones.length > 0 ? [...wish.zones] : (present?.settings.zones ?? []);
  const settings = { baseUrl, accountId: present?.settings.accountId ?? null, zones };
  const secrets = [toJson({ name: SECRET, ...sealed.value })];
  const fields = { appId, node: node.nodeId, vendor: 'cloudflare', settings: toJson(settings), secrets };
  const edited = await replica.edit('fleet', (editor) => writeItem(editor, 'connectors', present?.id ?? null, fields));
  if (!edited.ok) return edited;
  const body = connectorBodySchema.parse({
    v: 1,
    kind: 'connector',
    name: 'cloudflare',
    state: 'running',
    vendor: 'cloudflare',
    settings,
    secrets: [{ name: SECRET, sha256: sealed.value.nodeCopies[node.nodeId], uses: [] }],
  });
  return ok({ verb: 'connector', appId, node, body, ownerCopies: [sealed.value.ownerCopy] });
}

function noToken() {
  const next = 'Make one at Cloudflare under My Profile, API Tokens, and give it here.';
  return fault('cli.missing-option', 'permanent', 'the API token is needed', next, { field: 'token' });
}

function badUrl(baseUrl: string) {
  const next = 'Write https://HOST/path.';
  return fault('cli.bad-option', 'permanent', `"${baseUrl}" is not a URL`, next, { field: 'baseUrl' });
}
