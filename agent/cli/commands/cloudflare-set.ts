import { findNode, levelWithCore, parseApiToken, prepareCloudflare } from '#shared/device/index.ts';
import { err, ok, type Result, utf8ToText } from '#shared/kernel/index.ts';
import { type CliContext, type Done, withFleet } from '../context.ts';
import { badOption, fileOption, type VerbInput } from '../options.ts';
import { releaseSettings } from '../releases/release-settings.ts';

/** Gives a node a Cloudflare token, sealed to it and to the owner's devices; the core never reads it. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    const { replica, offline } = level.value;
    const node = findNode(fleet.trust(), input.text('node'));
    if (!node.ok) return node;
    const token = readToken(input);
    if (!token.ok) return token;
    const wish = { token: token.value, baseUrl: input.text('baseUrl'), zones: input.list('zone') };
    const settings = await prepareCloudflare(context, fleet, replica, { node: node.value, wish });
    if (!settings.ok) return settings;
    const success = `${node.value.name} keeps DNS records at Cloudflare`;
    return releaseSettings(context, fleet, input, { settings: settings.value, offline, success });
  });
}

function readToken(input: VerbInput): Result<Uint8Array | undefined> {
  const path = input.text('tokenFile');
  if (path === undefined) return ok(undefined);
  const file = fileOption(path, '--token-file', 4_096);
  if (!file.ok) return file;
  const token = parseApiToken(utf8ToText(file.value));
  if (token) return ok(token);
  return err(
    badOption(
      'cli.bad-option',
      '--token-file',
      `${path} holds no API token`,
      'It is one word of 40 characters or more.',
    ),
  );
}
