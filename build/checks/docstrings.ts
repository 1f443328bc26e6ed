/** Every function that a file of shared/ or agent/ exports says in a docstring what it takes, gives and refuses. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { report } from './report.ts';
import { repositoryFiles } from './source-files.ts';

const problems: string[] = [];
for (const path of repositoryFiles().filter(isPublicSource)) {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ESNext, true);
  const documented = new Set<string>();
  for (const statement of source.statements) {
    // Of several overloads the first one carries the docstring.
    const isDocumented = ts.getJSDocCommentsAndTags(statement).length > 0;
    if (isDocumented && ts.isFunctionDeclaration(statement)) documented.add(statement.name?.text ?? 'default');
    for (const name of isDocumented ? [] : exportedFunctions(statement).filter((one) => !documented.has(one))) {
      const { line } = source.getLineAndCharacterOfPosition(statement.getStart());
      problems.push(`${path}:${line + 1} ${name} has no docstring`);
    }
  }
}
report(problems, 'Put /** … */ before the export: shapes, units, errors; not what the name already says.');

function isPublicSource(path: string): boolean {
  return (
    /^(shared|agent|main|preload|renderer)\/.*\.tsx?$/.test(path) && !/\.(test|suite)\.tsx?$|\/testing\//.test(path)
  );
}

function exportedFunctions(statement: ts.Statement): string[] {
  if (!isExported(statement)) return [];
  if (ts.isFunctionDeclaration(statement)) return [statement.name?.text ?? 'default'];
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations
    .filter(
      (one) => one.initializer && (ts.isArrowFunction(one.initializer) || ts.isFunctionExpression(one.initializer)),
    )
    .map((one) => one.name.getText());
}

function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false;
  return ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;
}
