/** Reads every entry of the catalogue and tells what does not fit. Part of `npm run check`. */
import { argv, exit, stdout } from 'node:process';
import { type CatalogEntry, checkCatalogEntry, renderCatalogApp } from '#shared/domain/apps/catalog/index.ts';
import { judgeCompose } from '#shared/domain/policies/index.ts';
import { systemRandom } from '#shared/kernel/index.ts';
import { catalogFolder, listCatalog, readCatalogEntry } from '#shared/node/catalog.ts';

const folder = argv[2] ?? catalogFolder();
const ids = listCatalog(folder);
const problems = ids.flatMap((id) => {
  const entry = readCatalogEntry(id, folder);
  const found = entry.ok ? checkEntry(entry.value) : [entry.error.message];
  return found.map((problem) => `catalog/${id}: ${problem}`);
});
for (const problem of problems) stdout.write(`${problem}\n`);
stdout.write(`${ids.length} catalogue entries, ${problems.length} problems\n`);
exit(problems.length > 0 || ids.length === 0 ? 1 : 0);

function checkEntry(entry: CatalogEntry): string[] {
  const found = checkCatalogEntry(entry);
  // What does not fit together need not be rendered.
  if (found.length > 0) return found;
  return [{}, withPorts(entry)].flatMap((inputs) => judgeRendered(entry, inputs));
}

/** Every port that the entry can publish, so that its exceptions are judged too. */
function withPorts({ app }: CatalogEntry): Record<string, number> {
  return Object.fromEntries(app.publish.map((publish, index) => [publish.input, 20_000 + index]));
}

/** The node's first gate, with no exception but those that the entry itself asks for. */
function judgeRendered(entry: CatalogEntry, inputs: Record<string, number>): string[] {
  const rendered = renderCatalogApp(entry, { inputs, hostname: 'app.example.com' }, systemRandom);
  if (!rendered.ok) return [rendered.error.message];
  const { compose, exceptions, secrets } = rendered.value;
  const judged = judgeCompose(compose, { exceptions, files: [], secrets: secrets.map((secret) => secret.name) });
  return judged.ok ? [] : [`the node would refuse it: ${judged.error.message}`];
}
