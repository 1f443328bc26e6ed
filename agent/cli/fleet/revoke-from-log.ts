import {
  type Fleet,
  levelWithCore,
  planRevocation,
  type RevocationPlan,
  type Revoked,
  revoke,
} from '#shared/device/index.ts';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import type { Signer } from '#shared/trust/index.ts';
import { type CliContext, type Done, done } from '../context.ts';
import { confirmName } from '../device/confirm-name.ts';
import { readRecovery } from '../device/read-recovery.ts';
import { badOption, type VerbInput } from '../options.ts';
import { readExposedAnyhow } from './read-exposed.ts';
import { printExposed, toExposedJson } from './show-exposed.ts';

/** Shows what a revocation ends and what of it stands, has the name typed, and signs it. */
export async function revokeFromLog(
  context: CliContext,
  fleet: Fleet,
  input: VerbInput,
  about: { readonly revoked: Revoked; readonly name: string },
): Promise<Result<Done>> {
  // What this device has verified is what stands: it must hold all that the core does.
  const level = await levelWithCore(context, fleet);
  if (!level.ok) return level;
  if (level.value.offline) return err(level.value.offline);
  const plan = await planRevocation(fleet, level.value.replica, about.revoked);
  if (!plan.ok) return plan;
  const beside = findEntries(plan.value, input.list('void'));
  if (!beside.ok) return beside;
  const asksWords = input.flag('recovery') || input.text('recoveryFile') !== undefined;
  showPlan(context, fleet, plan.value, asksWords);
  const readers = plan.value.deviceIds.map((id) => ({ what: 'device' as const, id }));
  const exposed = await readExposedAnyhow(context, fleet, level.value, readers);
  if (!exposed.ok) return exposed;
  if (exposed.value.length > 0) printExposed(context.out, fleet.trust(), exposed.value);
  const confirmed = await confirmName(context, input, about.name);
  if (!confirmed.ok) return confirmed;
  let signer: Signer | undefined;
  if (asksWords) {
    const recovery = await readRecovery(context, input);
    if (!recovery.ok) return recovery;
    signer = recovery.value.keys.signer;
  }
  const revoked = await revoke(context, fleet, plan.value, { signer, beside: beside.value });
  if (!revoked.ok) return revoked;
  const { deviceIds, elders, letIn, isLastOwner, isBelowThreshold } = plan.value;
  const stands = standsOf(plan.value);
  const voided = beside.value;
  const json = {
    revoked: about.revoked,
    deviceIds,
    letIn,
    stands,
    signed: plan.value.signed,
    voided,
    byRecovery: asksWords,
    elders,
    isLastOwner,
    isBelowThreshold,
    exposed: toExposedJson(fleet.trust(), exposed.value),
  };
  return done(json, (out) => {
    out.line(`${about.name} is revoked.`, 'good');
    if (exposed.value.length > 0)
      out.line('Until they have another value, `overseer secrets exposed` lists what it could read.', 'warn');
  });
}

/** Entries by the beginning of their hash. */
function findEntries(plan: RevocationPlan, wanted: readonly string[]): Result<readonly string[]> {
  if (wanted.includes('all')) return ok(plan.signed.map(({ hash }) => hash));
  const found: string[] = [];
  for (const begin of wanted) {
    const [one, ...more] = plan.signed.filter(({ hash }) => begin.length >= 6 && hash.startsWith(begin));
    if (one === undefined || more.length > 0)
      return err(
        badOption(
          'cli.bad-option',
          '--void',
          `it signed no entry "${begin}"`,
          'Give at least six digits of one that is listed.',
        ),
      );
    found.push(one.hash);
  }
  return ok(found);
}

function showPlan(context: CliContext, fleet: Fleet, plan: RevocationPlan, asksWords: boolean): void {
  const { out } = context;
  const { devices } = fleet.trust();
  const nameOf = (deviceId: string): string => devices.get(deviceId)?.name ?? deviceId;
  for (const deviceId of plan.deviceIds) out.line(`ends    ${nameOf(deviceId)} (${deviceId})`);
  const { edits, releases } = standsOf(plan);
  out.line(
    edits + releases === 0
      ? 'stands  nothing: it has written and deployed nothing'
      : `stands  what it edited (${edits}) and deployed (${releases}) until now; what comes later is void`,
  );
  for (const { hash, kind, at } of plan.signed.slice(-8)) out.line(`signed  ${kind} ${at} (${hash.slice(0, 12)})`);
  if (plan.signed.length > 0)
    out.line('What it signed in the trust log stands, unless you name the entry: --void ENTRY.', 'dim');
  for (const deviceId of plan.letIn)
    out.line(`It let ${nameOf(deviceId)} in, which stays: revoke that too if it was not you.`, 'warn');
  if (plan.elders.length > 0 && !asksWords)
    out.line(
      'It was let in before this device: whoever has it can answer by revoking this one and would win. If it was stolen, sign with the recovery words: --recovery.',
      'warn',
    );
  if (plan.isBelowThreshold && !plan.isLastOwner)
    out.line(
      `${fleet.trust().ownerThreshold} owners' devices must agree on a further one, and fewer are left then: lower it first (\`overseer people threshold 1\`), or later with the recovery words (--recovery).`,
      'warn',
    );
  if (plan.isLastOwner)
    out.line("No owner's desktop or CLI is left then: only `overseer device recover` comes back from that.", 'warn');
}

function standsOf({ cutoffs }: RevocationPlan): { edits: number; releases: number } {
  return {
    edits: cutoffs.reduce((sum, { rows }) => sum + rows.length, 0),
    releases: cutoffs.reduce((sum, { releases }) => sum + releases.length, 0),
  };
}
