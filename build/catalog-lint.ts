/** Reads every entry of the catalogue and tells what does not fit. Part of `npm run check`. */
import { argv, exit, stdout } from 'node:process';
import { checkCatalogEntry } from '#shared/domain/apps/catalog/index.ts';
import { catalogFolder, listCatalog, readCatalogEntry } from '#shared/node/catalog.ts';

const folder = argv[2] ?? catalogFolder();
const ids = listCatalog(folder);
const problems = ids.flatMap((id) => {
  const entry = readCatalogEntry(id, folder);
  const found = entry.ok ? checkCatalogEntry(entry.value) : [entry.error.message];
  return found.map((problem) => `catalog/${id}: ${problem}`);
});
for (const problem of problems) stdout.write(`${problem}\n`);
stdout.write(`${ids.length} catalogue entries, ${problems.length} problems\n`);
exit(problems.length > 0 || ids.length === 0 ? 1 : 0);
