import {
  findNode,
  levelSecret,
  levelWithCore,
  readFleetView,
  sealNewSecret,
  toJson,
  writeItem,
} from '#shared/device/index.ts';
import { connectorBodySchema } from '#shared/domain/apps/index.ts';
import { err, ok, type Result, randomId, utf8, utf8ToText } from '#shared/kernel/index.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import { badOption, fileOption, type VerbInput } from '../options.ts';
import { releaseSettings } from '../releases/release-settings.ts';

const SECRET = 'token';

/** Gives a node a Cloudflare token, sealed to it and to the owner's devices; the core never reads it. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    const { replica, offline } = level.value;
    const node = findNode(fleet.trust(), input.text('node'));
    if (!node.ok) return node;
    const index = readFleetView(replica);
    if (!index.ok) return index;
    const present = index.value.connectors.find(
      (item) => item.vendor === 'cloudflare' && item.node === node.value.nodeId,
    );
    const before = present?.secrets.find(({ name }) => name === SECRET);
    const token = readToken(input, before !== undefined);
    if (!token.ok) return token;
    const baseUrl = input.text('baseUrl') ?? present?.settings.baseUrl ?? null;
    if (baseUrl !== null && !URL.canParse(baseUrl)) {
      return err(badOption('cli.bad-option', '--base-url', `"${baseUrl}" is not a URL`, 'Write https://HOST/path.'));
    }
    const appId = present?.appId ?? randomId(context.random);
    const about = { appId, node: node.value };
    const sealed = before
      ? await levelSecret(fleet, { ...about, secret: before, ...(token.value ? { value: token.value } : {}) })
      : ok(await sealNewSecret(fleet, { ...about, name: SECRET, version: 1, value: token.value ?? utf8('') }));
    if (!sealed.ok) return sealed;
    const zones = input.list('zone').length > 0 ? [...input.list('zone')] : (present?.settings.zones ?? []);
    const settings = { baseUrl, accountId: present?.settings.accountId ?? null, zones };
    const secret = { name: SECRET, ...sealed.value };
    const fields = {
      appId,
      node: node.value.nodeId,
      vendor: 'cloudflare',
      settings: toJson(settings),
      secrets: [toJson(secret)],
    };
    const edited = await replica.edit('fleet', (editor) =>
      writeItem(editor, 'connectors', present?.id ?? null, fields),
    );
    if (!edited.ok) return edited;
    const body = connectorBodySchema.parse({
      v: 1,
      kind: 'connector',
      name: 'cloudflare',
      state: 'running',
      vendor: 'cloudflare',
      settings,
      secrets: [{ name: SECRET, sha256: sealed.value.nodeCopies[node.value.nodeId], uses: [] }],
    });
    return releaseSettings(context, fleet, input, {
      verb: 'connector',
      appId,
      node: node.value,
      body,
      ownerCopies: [sealed.value.ownerCopy],
      offline,
      success: `${node.value.name} keeps DNS records at Cloudflare`,
    });
  });
}

function readToken(input: VerbInput, hasOne: boolean): Result<Uint8Array | undefined> {
  const path = input.text('tokenFile');
  if (path === undefined) {
    if (hasOne) return ok(undefined);
    return err(badOption('cli.missing-option', '--token-file', 'is needed', 'Give the file that holds the API token.'));
  }
  const file = fileOption(path, '--token-file', 4_096);
  if (!file.ok) return file;
  const token = utf8ToText(file.value).trim();
  if (/^[\x21-\x7e]{20,512}$/.test(token)) return ok(utf8(token));
  return err(
    badOption(
      'cli.bad-option',
      '--token-file',
      `${path} holds no API token`,
      'It is one word of 40 characters or more.',
    ),
  );
}
