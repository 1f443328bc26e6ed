/** `npm run dev`: keeps dist/overseer, the screens included, up to date while you edit. Stop it with Ctrl-C. */
import { watch } from 'node:fs';
import { bundleFolder, bundleProduct } from './bundle/bundle-product.ts';

const quietMs = 150;
const clock = () => new Date().toTimeString().slice(0, 8);
let timer: NodeJS.Timeout | undefined;
let building: Promise<void> = Promise.resolve();

for (const folder of ['shared', 'agent', 'renderer']) {
  watch(folder, { recursive: true }, (_event, file) => {
    if (!file || /\.test\.tsx?$/.test(file)) return;
    clearTimeout(timer);
    timer = setTimeout(rebuild, quietMs);
  });
}
rebuild();

function rebuild(): void {
  building = building.then(async () => {
    const started = performance.now();
    try {
      await bundleProduct({ quick: true });
      console.log(`${clock()} ${bundleFolder} in ${Math.round(performance.now() - started)} ms`);
    } catch {
      console.log(`${clock()} not built, see above; ${bundleFolder} is as it was`);
    }
  });
}
