import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { rendererConfig } from '../../build/web/renderer-config.ts';

const source = fileURLToPath(new URL('../../renderer/dev/blank', import.meta.url));

/** Builds the blank page as the screens are built, into the folder that a core serves, as `/blank.html`. */
export async function buildBlank(webFolder: string): Promise<void> {
  const made = mkdtempSync(join(tmpdir(), 'bench-blank-'));
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    const config = rendererConfig();
    const rolldownOptions = { ...config.build?.rolldownOptions, input: resolve(source, 'index.html') };
    await build({
      ...config,
      root: source,
      configFile: false,
      logLevel: 'warn',
      build: { ...config.build, manifest: false, rolldownOptions, outDir: made, emptyOutDir: true },
    });
    renameSync(join(made, 'index.html'), join(made, 'blank.html'));
    cpSync(made, webFolder, { recursive: true });
  } finally {
    process.env.NODE_ENV = before;
    rmSync(made, { recursive: true, force: true });
  }
}
