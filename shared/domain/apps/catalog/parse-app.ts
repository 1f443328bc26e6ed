import { type Document, isMap, isNode, isScalar } from 'yaml';
import { err, fault, ok, type Result } from '../../../kernel/index.ts';
import { readYaml, type YamlText } from '../../yaml/index.ts';
import { type CatalogApp, catalogAppSchema } from './app-schema.ts';

const MAX_LENGTH = 65_536;

/**
 * Reads an app.yaml. Errors (`catalog.malformed`) name the field, the line and the column; an unknown field is refused
 * by its name with the one that was probably meant.
 */
export function parseCatalogApp(text: string): Result<CatalogApp> {
  if (text.length > MAX_LENGTH) return malformed('', undefined, `longer than ${MAX_LENGTH} characters`);
  const yaml = readYaml(text);
  if (yaml.problem !== undefined) return malformed('', yaml.at, yaml.problem);
  const { document } = yaml;
  const parsed = catalogAppSchema.safeParse(plainValue(document));
  if (parsed.success) return ok(parsed.data);
  const issues = deepest(parsed.error.issues);
  // A misspelt field is also missing under its right name: the misspelling is the thing to say.
  const issue = issues.find(isUnknownField) ?? issues[0];
  if (!issue) return malformed('', undefined, 'does not fit the schema');
  const path = issue.path.map(String);
  const unknown = issue.code === 'unrecognized_keys' ? (issue as { keys?: string[] }).keys?.[0] : undefined;
  const full = unknown === undefined ? path : [...path, unknown];
  return malformed(full.join('.'), positionOf(yaml, full), issue.message);
}

/** The document as plain values; undefined, which fits no schema, when an alias leads nowhere or too many times. */
function plainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 10 });
  } catch {
    return undefined;
  }
}

interface Issue {
  path: PropertyKey[];
  code?: string;
  message: string;
  errors?: Issue[][];
}

/** Of a union, the issues of the branch that was most likely meant: the fewest, then one with a misspelt field. */
function deepest(issues: readonly unknown[]): Issue[] {
  return (issues as Issue[]).flatMap((issue) => {
    if (issue.code !== 'invalid_union' || !issue.errors?.length) return [issue];
    const branches = issue.errors.map((branch) =>
      deepest(branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))),
    );
    return branches.sort((a, b) => a.length - b.length || misspelt(b) - misspelt(a))[0] ?? [issue];
  });
}

const isUnknownField = (issue: Issue): boolean => issue.code === 'unrecognized_keys';
const misspelt = (branch: Issue[]): number =>
  branch.filter((issue) => isUnknownField(issue) && issue.message.includes('did you mean')).length;

/** Where a field stands: its key when it is there, else the nearest thing around it. */
function positionOf(yaml: Extract<YamlText, { document: Document }>, path: readonly string[]) {
  const { document } = yaml;
  for (let length = path.length; length >= 0; length--) {
    const around = length === 0 ? document.contents : document.getIn(path.slice(0, length - 1).map(keyOf), true);
    const key = isMap(around)
      ? around.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === path[length - 1])?.key
      : undefined;
    const node = isNode(key) ? key : length === 0 ? around : document.getIn(path.slice(0, length).map(keyOf), true);
    if (isNode(node) && node.range) return yaml.position(node.range[0]);
  }
  return undefined;
}

const keyOf = (part: string): string | number => (/^\d+$/.test(part) ? Number(part) : part);

function malformed(
  field: string,
  position: { line: number; column: number } | null | undefined,
  problem: string,
): Result<never> {
  const where = [field, position ? `line ${position.line}, column ${position.column}` : ''].filter(
    (part) => part !== '',
  );
  const detail: Record<string, string> = position
    ? { line: String(position.line), column: String(position.column) }
    : {};
  return err(
    fault(
      'catalog.malformed',
      'permanent',
      `app.yaml${where.length > 0 ? `, ${where.join(', ')}` : ''}: ${problem}`,
      'Correct app.yaml at that place; docs/catalog.md tells what each field means.',
      { field: field || 'app.yaml', detail },
    ),
  );
}
