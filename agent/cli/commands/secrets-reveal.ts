import { levelToLook, revealSecret } from '#shared/device/index.ts';
import { type Result, toBase64, utf8ToText } from '#shared/kernel/index.ts';
import { type CliContext, type Done, done, withFleet } from '../context.ts';
import type { VerbInput } from '../options.ts';

/** Prints one secret from this device's own sealed copy. Nobody else takes part, so no audit entry tells of it. */
export function run(context: CliContext, input: VerbInput): Promise<Result<Done>> {
  return withFleet(context, async (fleet) => {
    const level = await levelToLook(context, fleet);
    if (!level.ok) return level;
    const opened = await revealSecret(fleet, level.value.replica, { app: input.arg(0), name: input.arg(1) });
    if (!opened.ok) return opened;
    const { app, name, version } = opened.value;
    const text = asText(opened.value.value);
    const value = text === undefined ? { base64: toBase64(opened.value.value) } : { value: text };
    return done({ app: app.name, name, version, ...value }, (out) => {
      out.note('Opened on this device; the core learns nothing of it and no audit entry is made.');
      out.line(text ?? toBase64(opened.value.value));
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
