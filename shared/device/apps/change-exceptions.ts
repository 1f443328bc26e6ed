import type { ObservedException } from '#shared/contracts/link/observed.ts';
import type { AppView, SignedException } from '#shared/domain/apps/index.ts';
import type { RuleAside } from '#shared/domain/policies/index.ts';
import { err, fault, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { appDocument, readAppView } from './find-app.ts';
import { toJson, writeItem } from './write-item.ts';

/** How an exception stands: in the release that runs, only wanted yet, or taken back and still in that release. */
export type ExceptionState = 'in force' | 'to be signed' | 'to be withdrawn';

export interface StandingException extends ObservedException {
  readonly state: ExceptionState;
}

/** What is wanted and what the node says is in force, side by side; each exception once. */
export function standingExceptions(
  wanted: readonly SignedException[],
  inForce: readonly ObservedException[],
): StandingException[] {
  const plain = ({ rule, service, value, reason }: SignedException) => ({ rule, service, value, reason });
  const open = wanted.filter((one) => !inForce.some((other) => isSame(one, other)));
  return [
    ...inForce.map((one): StandingException => {
      const stays = wanted.some((other) => isSame(one, other));
      return { ...plain(one), state: stays ? 'in force' : 'to be withdrawn' };
    }),
    ...open.map((one): StandingException => ({ ...plain(one), state: 'to be signed' })),
  ];
}

/** Writes an exception into desired state; the same one again only changes its reason. */
export async function addException(replica: Replica, view: AppView, aside: SignedException): Promise<Result<AppView>> {
  const present = view.exceptions.find((one) => isSame(one, aside));
  const { rule, service, value, reason } = aside;
  const edited = await replica.edit(appDocument(view.appId), (editor) =>
    writeItem(editor, 'exceptions', present?.id ?? null, { rule, service: toJson(service), value, reason }),
  );
  return edited.ok ? readAppView(replica, view.appId) : edited;
}

/** Takes an exception out of desired state. Error: `exception.unknown`, which names those there are. */
export async function removeException(replica: Replica, view: AppView, aside: RuleAside): Promise<Result<AppView>> {
  const found = view.exceptions.filter((one) => isSame(one, aside));
  if (found.length === 0) return err(unknownException(view));
  const edited = await replica.edit(appDocument(view.appId), (editor) => {
    for (const { id } of found) editor.removeItem('exceptions', id);
  });
  return edited.ok ? readAppView(replica, view.appId) : edited;
}

function isSame(one: RuleAside, other: RuleAside): boolean {
  return one.rule === other.rule && one.service === other.service && one.value === other.value;
}

function unknownException({ name, exceptions }: AppView) {
  const list = exceptions.map(({ rule, service, value }) => `${rule} ${value}${service ? ` for ${service}` : ''}`);
  const next = list.length === 0 ? 'It has none.' : `It has: ${list.join(', ')}.`;
  return fault('exception.unknown', 'permanent', `${name} has no such exception`, next, { field: 'exceptions' });
}
