import { findApp, levelToLook, openOwnerCopy } from '#shared/device/index.ts';
import { err, fault, type Result, toBase64, utf8ToText } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Prints one secret from this device's own sealed copy. Nobody else takes part, so no audit entry tells of it. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelToLook(context, fleet);
    if (!level.ok) return level;
    const view = findApp(level.value.replica, input.arg(0));
    if (!view.ok) return view;
    const secret = view.value.secrets.find(({ name }) => name === input.arg(1));
    if (!secret) return err(noSecret(view.value.name, input.arg(1), view.value.secrets));
    const opened = await openOwnerCopy(fleet, view.value.appId, secret);
    if (!opened.ok) return opened;
    const text = asText(opened.value);
    const value = text === undefined ? { base64: toBase64(opened.value) } : { value: text };
    return done({ app: view.value.name, name: secret.name, version: secret.version, ...value }, (out) => {
      out.note('Opened on this device; the core learns nothing of it and no audit entry is made.');
      out.line(text ?? toBase64(opened.value));
    });
  });
}

function asText(bytes: Uint8Array): string | undefined {
  try {
    return utf8ToText(bytes);
  } catch {
    return undefined;
  }
}

function noSecret(app: string, wanted: string, secrets: readonly { name: string }[]) {
  const names = secrets.map(({ name }) => name).join(', ');
  return fault('secret.unknown', 'permanent', `${app} has no secret "${wanted}"`, `It has: ${names || 'none'}.`, {
    field: 'name',
  });
}
