import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const compressible = /\.(js|css|html|svg|json|txt|webmanifest|wasm)$/;
/** Below this the headers of an answer weigh more than what is saved. */
const leastBytes = 512;

/**
 * Writes `.br` and `.gz` beside each file that gets smaller by it. `quick` takes the level for work in progress
 * instead of the smallest result.
 */
export async function compressBeside(files: readonly string[], quick: boolean): Promise<void> {
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: quick ? 4 : 11 } };
  const level = quick ? 4 : 9;
  await Promise.all(
    files
      .filter((file) => compressible.test(file))
      .map(async (file) => {
        const bytes = readFileSync(file);
        if (bytes.length < leastBytes) return;
        const [br, gz] = await Promise.all([
          promisify(brotliCompress)(bytes, brotli),
          promisify(gzip)(bytes, { level }),
        ]);
        if (br.length < bytes.length) writeFileSync(`${file}.br`, br);
        if (gz.length < bytes.length) writeFileSync(`${file}.gz`, gz);
      }),
  );
}
