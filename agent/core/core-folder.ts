import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { spkiSha256 } from '#shared/node/tls-identity.ts';
import { coreAddressSchema } from '#shared/trust/index.ts';

const SETTINGS_FILE = 'core.json';
const KEY_FILE = 'tls.key';
const CERT_FILE = 'tls.crt';

/** Settings of the data folder. The number grows when their meaning changes. */
const settingsSchema = z.looseObject({
  v: z.literal(1),
  addresses: z.array(coreAddressSchema).min(1).max(16),
  createdAt: z.string(),
});

export type CoreSettings = z.output<typeof settingsSchema>;

/** What lies in a core's data folder beside the store. */
export interface CoreFolder {
  readonly folder: string;
  readonly settings: CoreSettings;
  /** PEM. */
  readonly tlsKey: string;
  readonly tlsCert: string;
  readonly spki: string;
}

/** Where the core keeps its data: the option, else OVERSEER_CORE_DATA, else the system's place. */
export function dataFolderOf(option: string | undefined, env: NodeJS.ProcessEnv): string {
  return option ?? env.OVERSEER_CORE_DATA ?? '/var/lib/overseer/core';
}

/** Reads a data folder; undefined when none was made here. */
export async function readCoreFolder(folder: string): Promise<Result<CoreFolder | undefined>> {
  let text: string;
  try {
    text = await readFile(join(folder, SETTINGS_FILE), 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return ok(undefined);
    return err(badFolder(folder, cause));
  }
  try {
    const settings = settingsSchema.parse(JSON.parse(text));
    const tlsKey = await readFile(join(folder, KEY_FILE), 'utf8');
    const tlsCert = await readFile(join(folder, CERT_FILE), 'utf8');
    return ok({ folder, settings, tlsKey, tlsCert, spki: spkiSha256(tlsCert) });
  } catch (cause) {
    return err(badFolder(folder, cause));
  }
}

/** Writes a new data folder; the settings file comes last and makes it count. */
export async function writeCoreFolder(
  folder: string,
  settings: CoreSettings,
  tls: { keyPem: string; certPem: string },
): Promise<Result<void>> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    await writeWhole(join(folder, KEY_FILE), tls.keyPem);
    await writeWhole(join(folder, CERT_FILE), tls.certPem);
    await writeWhole(join(folder, SETTINGS_FILE), `${JSON.stringify(settings, null, 2)}\n`);
    return ok();
  } catch (cause) {
    return err(badFolder(folder, cause));
  }
}

/** Puts another certificate of the same key in place of the one that is there. */
export async function writeCertificate(folder: string, certPem: string): Promise<void> {
  await writeWhole(join(folder, CERT_FILE), certPem);
}

/** Changes the settings of a folder. */
export async function writeSettings(folder: string, settings: CoreSettings): Promise<void> {
  await writeWhole(join(folder, SETTINGS_FILE), `${JSON.stringify(settings, null, 2)}\n`);
}

async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}

function badFolder(folder: string, cause: unknown) {
  const text = cause instanceof Error ? cause.message : String(cause);
  return fault(
    'core.bad-folder',
    'permanent',
    `The data folder ${folder} can not be used: ${text}.`,
    'Check that it exists and belongs to the user of the core, or give another with --data.',
    { field: '--data' },
  );
}
