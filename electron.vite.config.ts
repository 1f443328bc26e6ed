/**
 * The desktop, by electron-vite: main, preload and renderer from the top-level folders into out/. The renderer is the
 * one that the core serves (build/web/renderer-config.ts).
 */
import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import { copyBeside } from './build/desktop/copy-beside.ts';
import { rendererConfig } from './build/web/renderer-config.ts';

const renderer = rendererConfig();

/** Loaded from node_modules at run time: the one with a binary part, and what a library only tries to load. */
const external = ['electron', 'better-sqlite3', 'bufferutil', 'utf-8-validate'];

export default defineConfig({
  main: {
    plugins: [copyBeside({ prompt: ['main/prompt/prompt.html', 'main/prompt/prompt.css'], icons: 'main/tray/icons' })],
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve('main/index.ts'), 'host-process': resolve('main/host-process.ts') },
        external,
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      // Each is one file, since a sandboxed page can load no second one, and CommonJS, since it takes nothing else.
      isolatedEntries: true,
      rolldownOptions: {
        input: { index: resolve('preload/index.ts'), prompt: resolve('preload/prompt.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: { ...renderer, build: { ...renderer.build, outDir: resolve('out/renderer') } },
});
