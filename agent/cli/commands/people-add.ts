import { addPerson } from '#shared/device/index.ts';
import { err, type Result } from '#shared/kernel/index.ts';
import { type Role, roleSchema } from '#shared/trust/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { badOption, type VerbInput } from '../options.ts';

/** Adds a person to the fleet; the devices come one by one, each approved. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const role = readRole(input.text('role') ?? 'operator');
    if (!role.ok) return role;
    const added = await addPerson(context, fleet, { name: input.arg(0), role: role.value });
    if (!added.ok) return added;
    const { personId, name } = added.value;
    return done({ person: { personId, name, role: role.value } }, (out) => {
      out.line(`${name} is in the fleet as ${role.value}.`, 'good');
      out.line(`Let a device of ${name} in: \`overseer device approve --person "${name}"\`.`);
    });
  });
}

function readRole(text: string): Result<Role> {
  const read = roleSchema.safeParse(text);
  if (read.success) return { ok: true, value: read.data };
  return err(badOption('cli.bad-option', '--role', `"${text}" is no role`, 'Give owner, operator or viewer.'));
}
