import { readFileSync } from 'node:fs';
import {
  type Alarm,
  fleetOfExport,
  listAlarms,
  settleAlarms,
  verifyCoreAudit,
  verifyExport,
} from '#shared/device/index.ts';
import { err, fault, type Result } from '#shared/kernel/index.ts';
import type { AuditVerdict, AuditWitness } from '#shared/trust/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { hasDevice, unlockDevice } from '../device/device-keys.ts';
import { EXIT } from '../exit-code.ts';
import { badOption, type VerbInput } from '../options.ts';

/** Checks the audit log of the core, or an export, against what this device has witnessed. */
export async function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  const path = input.text('file');
  if (path !== undefined) return verifyFile(context, input, path);
  return withFleet(context, async (fleet) => {
    const verdict = await verifyCoreAudit(context, fleet);
    if (!verdict.ok) return verdict;
    const alarms = await listAlarms(fleet.store);
    if (input.flag('seen')) await settleAlarms(fleet.store);
    return tell(verdict.value, alarms);
  });
}

/** An export needs no core; with this device's keys at hand its witnessed heads count too. */
async function verifyFile(context: CliContext, input: VerbInput, path: string): Promise<Result<Done>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    return err(badOption('cli.bad-option', '--file', `${path} can not be read (${why})`, 'Check the path.'));
  }
  const own = await readWitnesses(context);
  const genesis = input.text('fleet') ?? own?.fleet ?? fleetOfExport(text);
  if (genesis === undefined) return err(noFleet());
  const witnesses = own?.fleet === genesis ? own.witnesses : [];
  const verdict = await verifyExport(text, genesis, witnesses);
  return verdict.ok ? tell(verdict.value) : verdict;
}

async function readWitnesses(context: CliContext): Promise<{ fleet: string; witnesses: AuditWitness[] } | undefined> {
  const canUnlock = context.env.OVERSEER_PASSPHRASE_FILE || context.keyring || context.canAsk;
  if (!canUnlock || !hasDevice(context.home)) return undefined;
  const device = await unlockDevice(context.home, context.askPassphrase, context.keyring);
  if (!device.ok) {
    context.out.note('Without the device keys the export is checked for inner consistency only.', 'warn');
    return undefined;
  }
  const { createDeviceStore } = await import('#shared/node/device-store/device-store.ts');
  const { openReplicaDatabase } = await import('#shared/node/device-store/replica-db.ts');
  const store = createDeviceStore(openReplicaDatabase(context.home.replicaFile, device.value.replicaKey));
  try {
    const config = await store.config();
    return config ? { fleet: config.fleet, witnesses: await store.witnesses() } : undefined;
  } finally {
    await store.close();
  }
}

function tell(verdict: AuditVerdict, alarms: readonly Alarm[] = []): Result<Done> {
  const broken = verdict.verdict === 'broken' || alarms.length > 0;
  const print: Done['print'] = (out) => {
    out.line(verdict.sentence, broken ? 'bad' : verdict.verdict === 'verified' ? 'good' : 'warn');
    for (const finding of verdict.findings) {
      const at = finding.seq === null ? '' : ` at ${finding.seq}`;
      out.line(`  ${finding.what} in ${finding.chain}${at}: ${finding.message}`, 'bad');
    }
    for (const { at, fault: why } of alarms) {
      out.line(`  seen on ${at}: ${why.message}`, 'bad');
      out.line(`  ${why.next}`);
    }
    if (alarms.length > 0)
      out.line('  Once you have looked into it, `overseer audit verify --seen` lets go of what was seen.');
    for (const { seq, device, action } of verdict.voided)
      out.line(`  void: entry ${seq} (${action}) is by ${device}, which was revoked up to an earlier entry`, 'warn');
    out.line(`${verdict.trustEntries} trust entries, ${verdict.core.entries} of the core, ${nodeCounts(verdict)}`);
  };
  return done({ ...verdict, alarms }, print, broken ? EXIT.failed : EXIT.ok);
}

function nodeCounts(verdict: AuditVerdict): string {
  const nodes = Object.values(verdict.nodes);
  const entries = nodes.reduce((sum, node) => sum + node.entries, 0);
  return `${entries} of ${nodes.length} nodes`;
}

function noFleet() {
  return fault(
    'cli.missing-option',
    'permanent',
    'the export does not say which fleet it is of',
    "Give --fleet with the fleet's id (`overseer device show`).",
    { field: '--fleet' },
  );
}
