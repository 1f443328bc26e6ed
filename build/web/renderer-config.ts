import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import mantine from 'postcss-preset-mantine';
import type { UserConfig } from 'vite';
import { zodWithoutEval } from './zod-without-eval.ts';

/** Where hashed files lie, below the folder of the bundle. The core tells browsers that these never change. */
export const assetsFolder = 'assets';

/**
 * How the renderer is built, for the core and for the desktop alike. It fits the core's content security policy
 * (agent/core/http/web-headers.ts): no inline script, no file turned into a data: address.
 */
export function rendererConfig(): UserConfig {
  return {
    root: resolve('renderer'),
    // Absolute, because addresses of screens are several folders deep.
    base: '/',
    plugins: [react(), zodWithoutEval()],
    css: { postcss: { plugins: [mantine()] } },
    // Two copies of Yjs know each other's documents as foreign, two of React each other's hooks.
    resolve: { dedupe: ['yjs', 'react', 'react-dom'] },
    worker: { format: 'es', plugins: () => [zodWithoutEval()], rolldownOptions: { output: fileNames, treeshake } },
    build: {
      target: 'es2024',
      assetsDir: assetsFolder,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      manifest: true,
      reportCompressedSize: false,
      rolldownOptions: { input: resolve('renderer/index.html'), output: fileNames, treeshake },
    },
  };
}

/**
 * Loading a module of these folders does nothing, and the bundler may count on it: what a lazy part alone uses goes along
 * with that part, also when both reach it through the same index.ts. Not so the list of Mantine's styles, whose order
 * counts (renderer/ui/mantine.ts).
 */
const treeshake = {
  moduleSideEffects: [
    { test: /[\\/]shared[\\/]/, sideEffects: false },
    { test: /[\\/]renderer[\\/](bridge|review|ui|words)[\\/](?!mantine\.).*\.tsx?$/, sideEffects: false },
  ],
};

const fileNames = {
  entryFileNames: `${assetsFolder}/[name]-[hash].js`,
  chunkFileNames: `${assetsFolder}/[name]-[hash].js`,
  assetFileNames: `${assetsFolder}/[name]-[hash][extname]`,
};
