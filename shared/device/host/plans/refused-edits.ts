import type { RefusedEditView } from '#shared/contracts/ipc/index.ts';
import { fault } from '#shared/kernel/index.ts';
import type { RefusedEdit } from '#shared/replica/index.ts';
import { changesToLines } from '../../apps/edit-lines.ts';
import type { FleetHost } from '../fleet-host.ts';

type Named = Pick<FleetHost, 'model' | 'replica'>;

/** Edits that the core did not take, for the list of what is pending. */
export async function listRefused(host: Named): Promise<RefusedEditView[]> {
  return (await host.replica.refusedEdits()).map((edit) => toRefusedView(host, edit));
}

/** The one notice of an edit that was put aside. */
export function refusedNotice(host: Named, edit: RefusedEdit) {
  const name = nameOf(host, edit);
  return fault(
    'row.put-aside',
    'conflict',
    `the core did not take your edit of ${name === '' ? 'the list of apps' : name}: ${edit.fault.message}`,
    'It is kept aside under Plan: make it once more there, or discard it.',
    { detail: { code: edit.fault.code } },
  );
}

function toRefusedView(host: Named, edit: RefusedEdit): RefusedEditView {
  return {
    id: edit.id,
    appId: appIdOf(edit),
    appName: nameOf(host, edit),
    lines: changesToLines(edit.changes, host.replica.fields(edit.doc) ?? new Map()),
    fault: edit.fault as RefusedEditView['fault'],
    canRewrite: edit.changes.length > 0,
  };
}

function appIdOf({ doc }: RefusedEdit): string | null {
  return doc === 'fleet' ? null : doc.slice('app:'.length);
}

/** Of an app whose first edits were refused the name stands only in them. */
function nameOf({ model }: Named, edit: RefusedEdit): string {
  const appId = appIdOf(edit);
  const written = edit.changes.find(({ path }) => path === 'name')?.value;
  return appId === null ? '' : (model.find(appId)?.name ?? (typeof written === 'string' ? written : 'an app'));
}
