import { badPath, type Opening } from '#shared/domain/policies/index.ts';
import { FaultError, fault } from '#shared/kernel/index.ts';
import { checkOpening } from '../gates/real-path.ts';
import type { ApplierContext } from './context.ts';
import type { ApplyOutcome, OpeningRequest } from './request.ts';
import { need, type Stepper } from './steps.ts';

/**
 * Opens a folder or device of this node to apps, or closes it. Nothing on the node is touched: the release itself, once
 * it has succeeded, is what the gates of apps ask for. Closed or changed is only what no running app uses.
 */
export async function applyOpening(
  context: ApplierContext,
  request: OpeningRequest,
  steps: Stepper,
): Promise<ApplyOutcome> {
  const { appId, body, previousGood } = request;
  const before = previousGood?.body;
  const was = before?.kind === 'opening' && before.state === 'running' ? before : null;
  await steps.run('gates', `looking at ${body.path}`, async () => {
    if (was !== null && isTakenAway(was, body.state === 'running' ? body : null)) needUnused(context, was);
    if (body.state === 'removed') return { value: undefined, text: `${body.path} is closed to apps` };
    need(checkOpening(body, context.ownFolders));
    needApart(context, appId, body);
    return { value: undefined, text: `${body.path} is open to apps as "${body.name}"` };
  });
  return { outcome: 'succeeded', digests: {}, awayMs: null, fault: null };
}

/** Whether an app that uses the opening now could not any more. */
function isTakenAway(was: Opening, is: Opening | null): boolean {
  return (
    is === null ||
    is.what !== was.what ||
    is.path !== was.path ||
    is.name !== was.name ||
    (is.readOnly && !was.readOnly)
  );
}

function needUnused(context: ApplierContext, { name, what }: Opening): void {
  const users = context.openings.usersOf({ name, what });
  if (users.length === 0) return;
  throw new FaultError(
    fault(
      'opening.in-use',
      'conflict',
      `The opened ${what} "${name}" is used by ${users.join(', ')}.`,
      'Stop or remove those apps, or take it out of their Compose file and `overseer exceptions remove` it; then close it.',
      { field: 'name', detail: { apps: users.join(', ') } },
    ),
  );
}

/** A name stands for one thing; and in a folder that apps can write, no other opened folder lies. */
function needApart(context: ApplierContext, appId: string, { name, what, path, readOnly }: Opening): void {
  const others = context.openings.list().filter((one) => one.appId !== appId && one.what === what);
  if (others.some((one) => one.name === name))
    throw new FaultError(
      fault(
        'opening.name-taken',
        'conflict',
        `Another ${what} is open as "${name}" already.`,
        'Close that one first, or take another name.',
        { field: 'name' },
      ),
    );
  if (what !== 'folder') return;
  const writable = others.find((one) => path.startsWith(`${one.path}/`) && !one.readOnly);
  if (writable) throw new FaultError(badPath(what, path, nested(`it lies in ${writable.path}`, writable.name)));
  const inner = others.find((one) => one.path.startsWith(`${path}/`) && !readOnly);
  if (inner) throw new FaultError(badPath(what, path, nested(`${inner.path} lies in it`, inner.name)));
}

function nested(where: string, name: string): string {
  return `${where} ("${name}"), and an app that writes to the outer one could put a link in place of the inner one`;
}
