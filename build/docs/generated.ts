import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryFiles } from '../checks/source-files.ts';
import { replaceBlock } from './block.ts';
import { errorsPage } from './errors.ts';
import { guardrailsPage } from './guardrails.ts';
import { promiseBlock } from './promises.ts';
import { type TestTitle, testTitles } from './test-titles.ts';

export interface Generated {
  path: string;
  text: string;
}

const promises = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9'];
const criteria = ['AC1', 'AC2', 'AC3', 'AC4', 'AC5', 'AC6', 'AC7'];
/** Exports `cliReference()`, made from the table of verbs. */
const cliSource = 'agent/cli/reference.ts';
/** Exports `openApiDocument()`, made from the schemas that validate. */
const openApiSource = 'agent/core/http/openapi.ts';

/** Every document that is made, wholly or in a block, from the source. */
export async function generatedDocuments(): Promise<Generated[]> {
  const titles = repositoryFiles()
    .filter((file) => /\.test\.tsx?$/.test(file))
    .flatMap(testTitles);
  return [
    promisesDocument(titles),
    decisionsDocument(),
    { path: 'docs/errors.md', text: errorsPage() },
    { path: 'docs/guardrails.md', text: guardrailsPage(titles) },
    ...(await openApiDocument()),
    ...(await cliDocument()),
  ];
}

function promisesDocument(titles: readonly TestTitle[]): Generated {
  const path = 'docs/promises.md';
  const text = [...promises, ...criteria].reduce(
    (page, id) => replaceBlock(page, id, promiseBlock(id, titles)),
    readFileSync(path, 'utf8'),
  );
  return { path, text };
}

function decisionsDocument(): Generated {
  const path = 'docs/adr/README.md';
  const pages = repositoryFiles().filter((file) => /^docs\/adr\/\d{4}-.*\.md$/.test(file));
  const lines = pages.map((page) => {
    const title = readFileSync(page, 'utf8').split('\n')[0]?.replace(/^# /, '') ?? page;
    return `- [${title}](${page.replace('docs/adr/', '')})`;
  });
  return { path, text: replaceBlock(readFileSync(path, 'utf8'), 'decisions', lines.join('\n')) };
}

async function openApiDocument(): Promise<Generated[]> {
  if (!existsSync(openApiSource)) return [];
  const source = (await import(pathToFileURL(join(process.cwd(), openApiSource)).href)) as {
    openApiDocument: () => unknown;
  };
  return [{ path: 'docs/openapi.json', text: `${JSON.stringify(source.openApiDocument(), null, 2)}\n` }];
}

async function cliDocument(): Promise<Generated[]> {
  if (!existsSync(cliSource)) return [];
  const source = (await import(pathToFileURL(join(process.cwd(), cliSource)).href)) as { cliReference: () => string };
  return [{ path: 'docs/cli.md', text: source.cliReference() }];
}
