import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Manifest } from 'vite';
import { buildServiceWorker } from './build-service-worker.ts';
import { compressBeside } from './compress.ts';
import { filesBelow } from './files-below.ts';
import { rendererConfig } from './renderer-config.ts';

export interface WebBuildOptions {
  /** Compress quickly instead of well: for work in progress. */
  readonly quick?: boolean;
}

/**
 * Builds the renderer into the given folder, which is emptied first: hashed files, the service worker that keeps them,
 * each compressed beside itself. Gives Vite's account of which source became which file.
 */
export async function buildWeb(folder: string, options: WebBuildOptions = {}): Promise<Manifest> {
  await runVite(folder);
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest;
  // It is for tools: what browsers may fetch tells nothing of the source tree.
  rmSync(join(folder, '.vite'), { recursive: true });
  await buildServiceWorker(folder, manifest['index.html']?.file ?? '');
  await compressBeside(
    filesBelow(folder).map((file) => join(folder, file)),
    options.quick ?? false,
  );
  return manifest;
}

/** Vite takes NODE_ENV for the word on development or production, and sets it for what this process does afterwards. */
async function runVite(folder: string): Promise<void> {
  const config = rendererConfig();
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({
      ...config,
      configFile: false,
      logLevel: 'warn',
      build: { ...config.build, outDir: resolve(folder), emptyOutDir: true },
    });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}
