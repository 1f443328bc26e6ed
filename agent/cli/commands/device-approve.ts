import type { DeviceRequest } from '#shared/contracts/rest/index.ts';
import {
  type Approval,
  beginApproval,
  type Fleet,
  finishApproval,
  listWaitingDevices,
  refuseApproval,
  roleAfterApproval,
} from '#shared/device/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { isSameApprovalCode, type Person, parseApprovalTicket } from '#shared/trust/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import { askLine } from '../device/ask.ts';
import { badOption, fileOption, type VerbInput } from '../options.ts';
import { roleText } from '../output/role-text.ts';

/** How often a person may mistype the code before the exchange is given up. */
const TRIES = 3;

/** Lets a further device in: exchanges nonces, has a person compare the code, signs. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    // Before the exchange begins: it can be run only once for a request.
    const ticket = parseApprovalTicket(input.arg(0));
    if (ticket === undefined && !context.canAsk && input.text('codeFile') === undefined) return err(nobodyToCompare());
    const person = findPerson(fleet, input.text('person'));
    if (!person.ok) return person;
    const waiting = await listWaitingDevices(fleet);
    if (!waiting.ok) return waiting;
    const request = await chooseRequest(context, waiting.value, ticket?.request ?? input.arg(0));
    if (!request.ok) return request;
    context.out.status('waiting for the new device to answer …');
    const approval = await beginApproval(context, fleet, { ...request.value, ...ticket });
    context.out.status(null);
    if (!approval.ok) return approval;
    const role = sayWhatJoins(context, fleet, approval.value, person.value);
    // ENR-11: the ticket came past the core, and the reveal has answered to it: there is nothing left to compare.
    const compared = ticket ? ok() : await compareCode(context, input, approval.value);
    if (!compared.ok) {
      await refuseApproval(fleet, approval.value.request, compared.error.message);
      return compared;
    }
    const added = await finishApproval(context, fleet, approval.value, person.value.personId);
    if (!added.ok) return added;
    const { deviceId, name, kind } = added.value;
    const { personId, name: personName } = person.value;
    const waits = !fleet.trust().devices.has(deviceId);
    const json = { device: { deviceId, name, kind }, person: { personId, name: personName }, role, waits };
    return done(json, (out) => {
      if (waits)
        return out.line(`${name} waits for a further owner: \`overseer people confirm\` on another device.`, 'warn');
      out.line(`${name} is in: ${roleText(role)}.`, 'good');
    });
  });
}

/** The person by name or id; without either the one whose device this is. */
function findPerson(fleet: Fleet, wanted: string | undefined): Result<Person> {
  const { persons, devices } = fleet.trust();
  const own = devices.get(fleet.device.deviceId)?.personId ?? '';
  const all = [...persons.values()];
  const found = all.filter((one) => (wanted === undefined ? one.personId === own : isNamed(one, wanted)));
  const [one] = found;
  if (one && found.length === 1) return ok(one);
  const names = all.map(({ name, personId }) => `${name} (${personId})`).join(', ');
  const why =
    found.length === 0 ? `"${wanted ?? own}" is nobody of this fleet` : `${found.length} persons are called so`;
  return err(badOption('cli.bad-option', '--person', why, `Name one of: ${names}.`));
}

const isNamed = (one: Person, wanted: string): boolean => one.personId === wanted || one.name === wanted;

async function chooseRequest(
  context: CliContext,
  waiting: readonly DeviceRequest[],
  wanted: string,
): Promise<Result<DeviceRequest>> {
  const found = waiting.filter(({ request, name }) => wanted === '' || request === wanted || name === wanted);
  const [one] = found;
  if (one === undefined) return err(nobodyAsks(wanted));
  if (found.length === 1) return ok(one);
  for (const [index, { name, kind, request }] of found.entries())
    context.out.note(`${index + 1}  ${name} (${kind})  ${request}`, 'dim');
  if (!context.canAsk) return err(severalAsk(found));
  const answer = await askLine(context.terminal, `Which one (1-${found.length})? `);
  const chosen = /^\d+$/.test(answer?.trim() ?? '') ? found[Number(answer) - 1] : undefined;
  return chosen ? ok(chosen) : err(severalAsk(found));
}

/** Says what is about to be let in, and gives the role that it will have. */
function sayWhatJoins(context: CliContext, fleet: Fleet, approval: Approval, person: Person) {
  const { deviceId, name, kind } = approval.device;
  const role = roleAfterApproval(fleet.trust(), kind, person.personId);
  context.out.line(`device  ${name} (${kind})`);
  context.out.line(`id      ${deviceId}`);
  context.out.line(`person  ${person.name}`);
  context.out.line(`becomes ${roleText(role)}`);
  // A script needs to know that the new device shows its code now: with --json the output is two JSON lines.
  context.out.record({ type: 'exchange', request: approval.request, device: { deviceId, name, kind }, role });
  return role;
}

/** ENR-10: the code has to come from the new device; it is not shown here, so that nobody copies it over. */
async function compareCode(context: CliContext, input: VerbInput, { code }: Approval): Promise<Result<void>> {
  const path = input.text('codeFile');
  if (path !== undefined) {
    const file = fileOption(path, '--code-file', 1_024);
    if (!file.ok) return file;
    return isSameApprovalCode(new TextDecoder().decode(file.value), code) ? ok() : err(codeDiffers());
  }
  for (let tries = 0; tries < TRIES; tries++) {
    const typed = await askLine(context.terminal, 'Type the code that the new device shows (Enter alone refuses it): ');
    if (typed === undefined || typed.trim() === '') break;
    if (isSameApprovalCode(typed, code)) return ok();
    context.out.note('That is another code.', 'warn');
  }
  return err(codeDiffers());
}

function codeDiffers() {
  return fault(
    'enrol.code-differs',
    'denied',
    'the code of the new device is not the one of this exchange, or was not given',
    'Nothing was signed. Begin anew on the new device; if the codes differ again, somebody stands between the two.',
    { field: '--code-file' },
  );
}

function nobodyToCompare() {
  return badOption(
    'cli.missing-option',
    '--code-file',
    'the code must be compared and there is no terminal to type it on',
    'Run it on a terminal, or give --code-file FILE and write the code there once the new device shows it.',
  );
}

function nobodyAsks(wanted: string) {
  return fault(
    'device.nobody-asks',
    'permanent',
    wanted === '' ? 'no device asks to join right now' : `no device "${wanted}" asks to join right now`,
    'Begin on the new device: open the core in its browser, or run `overseer device join`. A request lives ten minutes.',
  );
}

function severalAsk(found: readonly DeviceRequest[]) {
  return fault(
    'device.ambiguous',
    'conflict',
    `${found.length} devices ask to join`,
    `Name one by its id: ${found.map(({ request, name }) => `${request} (${name})`).join(', ')}.`,
  );
}
