import type { TokenView } from '#shared/contracts/rest/index.ts';
import type { Fleet } from '#shared/device/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { openEnvelope, parseEnvelope, trustKeys } from '#shared/trust/index.ts';

/** An API token by name or id. The name counts as its owner signed it: the core could swap two in its list. */
export async function findToken(fleet: Fleet, wanted: string): Promise<Result<Pick<TokenView, 'tokenId' | 'name'>>> {
  const listed = await fleet.client.call('listTokens');
  if (!listed.ok) return listed;
  const active = listed.value.tokens.filter(({ state }) => state === 'active');
  const found = active.filter(({ tokenId, name }) => tokenId === wanted || name === wanted);
  const [one] = found;
  if (one === undefined) return err(unknownToken(wanted, active));
  if (found.length > 1) return err(severalTokens(wanted, found));
  const parsed = parseEnvelope(one.order);
  if (!parsed.ok) return parsed;
  const keys = trustKeys(fleet.trust(), 'device');
  const order = await openEnvelope(parsed.value, { kind: 'token', fleet: fleet.config.fleet, keys });
  if (!order.ok) return order;
  const { tokenId, token } = order.value.payload;
  return tokenId === one.tokenId && token?.name === one.name ? ok(one) : err(falseToken(one));
}

function unknownToken(wanted: string, active: readonly TokenView[]) {
  const names = active.map(({ name }) => name).join(', ');
  const next = names === '' ? 'Make one first.' : `There are: ${names}.`;
  return fault('token.absent', 'permanent', `there is no API token "${wanted}"`, next, { field: 'to' });
}

function severalTokens(wanted: string, found: readonly TokenView[]) {
  const ids = found.map(({ tokenId }) => tokenId).join(', ');
  return fault(
    'token.ambiguous',
    'conflict',
    `${found.length} API tokens are called "${wanted}"`,
    `Name one: ${ids}.`,
    {
      field: 'to',
    },
  );
}

function falseToken({ name }: TokenView) {
  return fault(
    'token.false-list',
    'denied',
    `the core shows the token "${name}" otherwise than its owner signed it`,
    'Do not trust this core further; compare the audit with `overseer audit verify`.',
  );
}
