import type { AppView } from './app-view.ts';
import { withImage } from './change-lines.ts';
import { parseComposeOutline } from './compose-outline.ts';
import type { ReleaseBody } from './release-body.ts';

/** What automation signed on top of the last release of a person: from which value to which, by service and variable. */
export interface AutomationLines {
  readonly images: Readonly<Record<string, { readonly from: string; readonly to: string }>>;
  readonly env: Readonly<Record<string, { readonly from: string | null; readonly to: string }>>;
}

/** The lines by which a release of automation differs from a person's; null where there is none. */
export function automationLines(before: ReleaseBody, after: ReleaseBody): AutomationLines | null {
  if (before.kind !== 'app' || after.kind !== 'app') return null;
  const images = Object.entries(after.images).flatMap(([service, { ref }]) => {
    const from = before.images[service]?.ref;
    return from === undefined || from === ref ? [] : [[service, { from, to: ref }] as const];
  });
  const env = Object.entries(after.env).flatMap(([name, to]) => {
    const from = before.env[name] ?? null;
    return from === to ? [] : [[name, { from, to }] as const];
  });
  return images.length + env.length === 0 ? null : { images: Object.fromEntries(images), env: Object.fromEntries(env) };
}

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
