import { levelTrust } from '#shared/device/index.ts';
import type { Result } from '#shared/kernel/index.ts';
import type { Grant, TrustState } from '#shared/trust/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';

/** Lists the grants that count, with what limits each. */
export function run(context: CliContext): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelTrust(fleet);
    if (!level.ok && level.error.kind !== 'transient') return level;
    const trust = fleet.trust();
    const grants = [...trust.grants.values()];
    return done({ grants, coreReached: level.ok }, (out) => {
      if (grants.length === 0) out.line('No grants: everybody may what the role says.');
      else
        out.table(
          ['to', 'role', 'limits', 'id'],
          grants.map((grant) => [holderOf(trust, grant), grant.role ?? '-', limitsOf(trust, grant), grant.grantId]),
        );
      if (!level.ok) out.note('The core is away: this is what this device knew last.', 'warn');
    });
  });
}

function holderOf(trust: TrustState, { to }: Grant): string {
  if ('tokenId' in to) return `API token ${to.tokenId}`;
  const id = String('personId' in to ? to.personId : to.deviceId);
  return (trust.persons.get(id) ?? trust.devices.get(id))?.name ?? `${id} (gone)`;
}

function limitsOf(trust: TrustState, { nodes, apps, verbs, expiresAt, content }: Grant): string {
  const limits = [
    nodes && `nodes ${nodes.map((id) => trust.nodes.get(id)?.name ?? id).join(', ')}`,
    apps && `apps ${apps.join(', ')}`,
    verbs && `verbs ${verbs.join(', ')}`,
    content?.images?.length && `images ${content.images.join(', ')}`,
    content?.fields?.length && `fields ${content.fields.join(', ')}`,
    expiresAt && `until ${expiresAt}`,
  ];
  return limits.filter(Boolean).join('; ') || 'none';
}
