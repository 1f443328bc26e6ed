import { type AutomationLines, followLines } from '#shared/domain/apps/index.ts';
import { ok, type Result } from '#shared/kernel/index.ts';
import type { Replica } from '#shared/replica/index.ts';
import { appDocument, readAppView } from './find-app.ts';
import { writeItem } from './write-item.ts';

/**
 * Writes into desired state what automation has signed since a person's last release. Done by the device that signs the
 * next one, and then only: two that wrote the same into a text beside each other would write it twice.
 */
export async function followAutomation(
  replica: Replica,
  appId: string,
  lines: AutomationLines | null | undefined,
): Promise<Result<void>> {
  if (!lines) return ok();
  const view = readAppView(replica, appId);
  if (!view.ok) return view;
  const before = view.value;
  const after = followLines(before, lines);
  return replica.edit(appDocument(appId), (editor) => {
    if (after.compose !== before.compose) editor.setText('compose', after.compose);
    for (const { key, value } of after.env) {
      const present = before.env.find((item) => item.key === key);
      if (present?.value !== value) writeItem(editor, 'env', present?.id ?? null, { key, value });
    }
  });
}
