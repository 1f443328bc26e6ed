import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Plugin } from 'vite';

/** Puts files as they are into folders beside the bundle: by folder name, a folder or a list of files. */
export function copyBeside(folders: Readonly<Record<string, string | readonly string[]>>): Plugin {
  return {
    name: 'copy-beside',
    generateBundle() {
      for (const [folder, from] of Object.entries(folders)) {
        const files = typeof from === 'string' ? readdirSync(from).map((name) => join(from, name)) : from;
        for (const file of files) {
          this.emitFile({ type: 'asset', fileName: `${folder}/${basename(file)}`, source: readFileSync(file) });
        }
      }
    },
  };
}
