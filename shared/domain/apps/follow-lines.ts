import type { AppView } from './app-view.ts';
import type { AutomationLines } from './automation-lines.ts';
import { withImage } from './change-lines.ts';
import { parseComposeOutline } from './compose-outline.ts';

/**
 * Desired state with what automation deployed, where nobody wrote anything else there since: a build edits no document,
 * and the next plan of a person must not read as the way back. A person's own edit stays.
 */
export function followLines(app: AppView, lines: AutomationLines | null): AppView {
  if (lines === null) return app;
  const outline = parseComposeOutline(app.compose);
  let { compose } = app;
  for (const { name, image } of outline.ok ? outline.value.services : []) {
    const line = lines.images[name];
    if (line === undefined || line.from !== image) continue;
    const changed = withImage(compose, name, line.to);
    if (changed.ok) compose = changed.value;
  }
  const env = app.env.map((item) => {
    const line = lines.env[item.key];
    return line?.from === item.value ? { ...item, value: line.to } : item;
  });
  // A variable that is new has no item yet, so no id; whoever writes it down makes one.
  const added = Object.entries(lines.env)
    .filter(([key, { from }]) => from === null && !app.env.some((item) => item.key === key))
    .map(([key, { to }]) => ({ id: '', key, value: to }));
  return { ...app, compose, env: [...env, ...added] };
}
