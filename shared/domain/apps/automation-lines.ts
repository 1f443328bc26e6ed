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
