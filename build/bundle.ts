/** `node build/run.mjs bundle`: makes dist/overseer, which runs with Node alone. */
import { bundleFolder, bundleProduct } from './bundle/bundle-product.ts';

const started = performance.now();
await bundleProduct();
console.log(`${bundleFolder}/overseer.mjs (${((performance.now() - started) / 1000).toFixed(1)} s)`);
