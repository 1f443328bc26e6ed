/**
 * The desktop, by electron-vite: main, preload and renderer from the top-level folders into out/. The renderer is the
 * one that the core serves (build/web/renderer-config.ts).
 */
import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import { rendererConfig } from './build/web/renderer-config.ts';

const renderer = rendererConfig();

export default defineConfig({
  renderer: { ...renderer, build: { ...renderer.build, outDir: resolve('out/renderer') } },
});
