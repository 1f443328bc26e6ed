import { addToken, type Fleet, findApp, findNode, levelWithCore, type TokenWish } from '#shared/device/index.ts';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { apiTokenVerbSchema } from '#shared/trust/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { badOption, numberOption, type VerbInput } from '../options.ts';

const DAY_MS = 24 * 3_600_000;
const USUAL_DAYS = 90;

/** Makes an API token and shows it, this once. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelWithCore(context, fleet);
    if (!level.ok) return level;
    if (level.value.offline) return err(level.value.offline);
    const wish = readWish(context, fleet, level.value.replica, input);
    if (!wish.ok) return wish;
    const made = await addToken(context, fleet, wish.value);
    if (!made.ok) return made;
    const { text, token } = made.value;
    const { core } = fleet.trust();
    const address = core?.addresses[0];
    const environment = {
      OVERSEER_TOKEN: text,
      OVERSEER_CORE: address ? `https://${address.host}:${address.httpPort}` : '',
      OVERSEER_CORE_KEY: fleet.config.coreSpki,
    };
    const { order: _, ...about } = token;
    return done({ ...about, token: text, environment }, (out) => {
      out.line('This is the token. It is shown this once, and nothing keeps it:', 'strong');
      out.line();
      for (const [name, value] of Object.entries(environment)) out.line(`${name}=${value}`);
      out.line();
      out.line(
        `"${token.name}" may ${token.verbs.join(', ')} until ${token.expiresAt}; what it asks for, a device signs.`,
      );
      out.line(`End it with \`overseer tokens revoke ${token.tokenId}\`.`);
    });
  });
}

function readWish(context: CliContext, fleet: Fleet, replica: Replica, input: VerbInput): Result<TokenWish> {
  const verbs = apiTokenVerbSchema
    .array()
    .safeParse(input.list('verb').length > 0 ? input.list('verb') : ['read', 'deploy']);
  if (!verbs.success) {
    const next = `Give --verb with any of: ${apiTokenVerbSchema.options.join(', ')}.`;
    return err(badOption('cli.bad-option', '--verb', 'a token is not made for that', next));
  }
  const nodes: string[] = [];
  for (const name of input.list('node')) {
    const node = findNode(fleet.trust(), name);
    if (!node.ok) return node;
    nodes.push(node.value.nodeId);
  }
  const apps: string[] = [];
  for (const name of input.list('app')) {
    const app = findApp(replica, name);
    if (!app.ok) return app;
    apps.push(app.value.appId);
  }
  const days = numberOption(input, 'expires', '--expires', 1, 366);
  if (!days.ok) return days;
  const name = input.arg(0);
  if (!/^[^\p{C}\p{Zl}\p{Zp}]{1,63}$/u.test(name))
    return err(badOption('cli.bad-name', 'name', 'a name is one line of at most 63 characters', 'Choose another.'));
  return ok({
    name,
    verbs: [...new Set(verbs.data)],
    ...(nodes.length > 0 && { nodes }),
    ...(apps.length > 0 && { apps }),
    expiresAt: new Date(context.clock.nowMs() + (days.value ?? USUAL_DAYS) * DAY_MS).toISOString(),
  });
}
