import type { DeviceRequest, PlanView, SecretRow, SessionView } from '#shared/contracts/ipc/index.ts';
import type { PromptView } from '#shared/contracts/ipc/prompt.ts';
import { visibleText } from '#shared/kernel/index.ts';

/** Long enough that a click on its way to the page below does not reach the button that signs. */
const ARM_AFTER_MS = 700;

type Group = PromptView['groups'][number];

const mark = { add: '+', change: '~', remove: '−' } as const;
const verbs: Readonly<Record<string, string>> = {
  deploy: 'Deploy',
  stop: 'Stop',
  start: 'Start',
  remove: 'Remove',
  rollback: 'Roll back',
};

/** A prompt with every text made visible: nothing of the fleet's can hide or turn around what is signed. */
function prompt(about: Omit<PromptView, 'passphrase' | 'armAfterMs' | 'cancel'>): PromptView {
  return {
    title: visibleText(about.title),
    text: about.text.map(visibleText),
    groups: about.groups
      .filter((group) => group.lines.length > 0)
      .map((group) => ({ ...group, heading: visibleText(group.heading), lines: group.lines.map(visibleText) })),
    passphrase: 'none',
    confirm: about.confirm,
    cancel: 'Cancel',
    armAfterMs: ARM_AFTER_MS,
  };
}

/** What is signed with this plan: each line, and apart what is deleted and what is excepted. */
export function planToPrompt(plan: PlanView): PromptView {
  const verb = verbs[plan.verb] ?? plan.verb;
  const lines = (wanted: (line: PlanView['lines'][number]) => boolean): string[] =>
    plan.lines.filter(wanted).map((line) => `${mark[line.change]} ${line.text}`);
  // PRO-6: what somebody asked for stands apart from what waited.
  const isBrought = ({ id }: PlanView['lines'][number]) => plan.asked?.lines.includes(id) ?? true;
  const groups: Group[] = [
    { heading: 'Deleted for ever', tone: 'danger', lines: plan.deletes.map(deleteLine) },
    { heading: 'Exceptions from the guardrails', tone: 'danger', lines: lines((line) => line.subject === 'exception') },
    { heading: 'Changes', tone: 'plain', lines: lines((line) => line.subject !== 'exception' && isBrought(line)) },
    {
      heading: 'Waited before, and go along',
      tone: 'notice',
      lines: lines((line) => line.subject !== 'exception' && !isBrought(line)),
    },
    { heading: 'While it happens', tone: 'notice', lines: plan.downtime.kind === 'none' ? [] : [plan.downtime.text] },
    { heading: 'To do by hand', tone: 'notice', lines: plan.byHand },
    { heading: 'The core is away', tone: 'notice', lines: plan.asOf === null ? [] : [offlineText(plan.asOf)] },
  ];
  return prompt({
    title: `${verb} ${plan.appName} on ${plan.node.name}`,
    text: [
      ...(plan.asked === undefined ? [] : [`Asked by ${plan.asked.by.kind} ${plan.asked.by.name}, as the core says.`]),
      plan.base === null ? 'Its first release.' : `Follows release ${plan.base}.`,
    ],
    groups,
    confirm: plan.deletes.length > 0 ? `${verb} and delete data` : verb,
  });
}

function deleteLine(one: PlanView['deletes'][number]): string {
  return one.sizeBytes === null ? one.volume : `${one.volume} (${Math.ceil(one.sizeBytes / 1_000_000)} MB)`;
}

function offlineText(asOf: string): string {
  return `Compared with what was known at ${asOf}. It is kept, and signed when the core is back if nothing changed.`;
}

/** Letting a device in, with the code that the person compares. */
export function deviceToPrompt(request: DeviceRequest): PromptView {
  return prompt({
    title: `Let ${request.name} into your fleet`,
    text: [
      'Confirm only when the device in front of you shows the same code.',
      request.kind === 'browser'
        ? 'It becomes an operator: it works on apps, and lets nobody in.'
        : 'It becomes an owner: it may do everything that this device may.',
    ],
    groups: [
      { heading: 'Code', tone: 'notice', lines: request.code === null ? [] : [request.code] },
      { heading: 'Device', tone: 'plain', lines: [`Name: ${request.name}`, `Kind: ${request.kind}`] },
    ],
    confirm: 'Let it in',
  });
}

/** Claiming a core; `begun` are the names that the person gave. */
export function claimToPrompt(
  begun: { fleetName: string; personName: string; deviceName: string; address?: string | undefined },
  session: SessionView,
): PromptView {
  const { fingerprint } = session.core;
  const address = begun.address ?? session.core.address;
  return prompt({
    title: `Claim ${address} for ${begun.fleetName}`,
    text: ['This device becomes the first owner. The recovery words were checked.'],
    groups: [
      {
        heading: 'Fleet',
        tone: 'plain',
        lines: [`Fleet: ${begun.fleetName}`, `Owner: ${begun.personName}`, `Device: ${begun.deviceName}`],
      },
      {
        heading: 'Core',
        tone: 'plain',
        lines: [`Address: ${address}`, ...(fingerprint ? [`Fingerprint: ${fingerprint}`] : [])],
      },
    ],
    confirm: 'Claim',
  });
}

/** Forgetting this device: what goes with it for ever, as the host knows it. */
export function forgetToPrompt({ fleet, device, unsent }: SessionView): PromptView {
  const { rows, intents, refused } = unsent;
  const isOwner = device?.role === 'owner' || device?.role === 'provisional-owner';
  const counted = (count: number, one: string, many: string): string[] =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  return prompt({
    title: fleet ? `Forget ${fleet.name} on this device` : 'Forget what is on this device',
    text: ['Your servers, apps and their data stay as they are.'],
    groups: [
      {
        heading: 'Lost for ever',
        tone: 'danger',
        lines: [
          'The keys of this device: to come back it has to be let in again',
          ...counted(rows, 'edit that was never sent', 'edits that were never sent'),
          ...counted(intents, 'confirmed change that was never signed', 'confirmed changes that were never signed'),
          ...counted(refused, 'edit that the core did not take', 'edits that the core did not take'),
          ...(isOwner ? ['An owner: without another one, only the recovery words can let a device in'] : []),
        ],
      },
    ],
    confirm: 'Forget it',
  });
}

/** Giving the value of a secret to the page. */
export function revealToPrompt({ name, appName, version }: SecretRow): PromptView {
  return prompt({
    title: `Show the secret ${name} of ${appName}`,
    text: ['Its value is opened on this device and shown in the window below. Look around who sees your screen.'],
    groups: [
      {
        heading: 'Secret',
        tone: 'plain',
        lines: [`App: ${appName}`, `Name: ${name}`, `Version: ${version}`],
      },
    ],
    confirm: 'Show it',
  });
}

/** Letting go of alarms about the core's record. */
export function settleToPrompt(alarms: SessionView['notices']): PromptView {
  return prompt({
    title: alarms.length === 1 ? 'Let go of 1 alarm' : `Let go of ${alarms.length} alarms`,
    text: ['Whoever holds the core or a server may show this device another past than others. Look into it first.'],
    groups: [
      { heading: 'What was seen', tone: 'danger', lines: alarms.map(({ at, fault }) => `${at}: ${fault.message}`) },
    ],
    confirm: 'Let go of them',
  });
}

/** Inviting a server: whoever brings the invitation back is signed in. */
export function inviteToPrompt(name: string): PromptView {
  return prompt({
    title: `Invite ${name}`,
    text: [
      'The server on which you run the command becomes a node of your fleet.',
      'The command works once, for 30 minutes. Give it to nobody else.',
    ],
    groups: [],
    confirm: 'Make the command',
  });
}
