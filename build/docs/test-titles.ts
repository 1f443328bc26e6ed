import { readFileSync } from 'node:fs';
import ts from 'typescript';

export interface TestTitle {
  file: string;
  title: string;
}

/** The titles of all tests in a file, in order, each with the titles of the `describe` blocks around it. */
export function testTitles(file: string): TestTitle[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ESNext, true);
  const found: TestTitle[] = [];
  const visit = (node: ts.Node, around: readonly string[]): void => {
    const call = ts.isCallExpression(node) ? testCall(node) : undefined;
    if (call?.kind === 'test') found.push({ file, title: [...around, call.title].join(' › ') });
    const inner = call?.kind === 'describe' ? [...around, call.title] : around;
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(source, []);
  return found;
}

function testCall(call: ts.CallExpression): { kind: 'test' | 'describe'; title: string } | undefined {
  const [first] = call.arguments;
  if (!first || !(ts.isStringLiteralLike(first) || ts.isTemplateExpression(first))) return undefined;
  const name = rootName(call.expression);
  const title = ts.isStringLiteralLike(first)
    ? first.text
    : first
        .getText()
        .slice(1, -1)
        .replaceAll(/\$\{[^}]*\}/g, '…');
  if (name === 'it' || name === 'test') return { kind: 'test', title };
  return name === 'describe' ? { kind: 'describe', title } : undefined;
}

/** `it`, also in `it.skipIf(x)(…)` and `it.each([…])(…)`. */
function rootName(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression))
    return rootName(expression.expression);
  return '';
}
