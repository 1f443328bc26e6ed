import { isSeq, type Node } from 'yaml';
import type { ComposeDocument } from './compose-document.ts';
import { type KeyTable, RESERVED_LABEL } from './compose-keys.ts';
import { entriesOf, itemsOf, resolveNode, textOf } from './compose-walk.ts';
import type { RuleAside } from './exceptions.ts';
import type { PolicyRuleId } from './rules.ts';
import { stackPath } from './values.ts';

/** What the raw text is judged against. */
export interface ComposeContext {
  /** Relative paths of the files signed with the release. */
  readonly files: readonly string[];
  /** Names of the app's sealed secrets. */
  readonly secrets: readonly string[];
  readonly exceptions: readonly RuleAside[];
  /** Folders of this node that are Overseer's own; empty where they are not known. */
  readonly ownFolders?: readonly string[];
}

/** What a judge of one value gets. */
export interface Judge {
  readonly compose: ComposeDocument;
  readonly context: ComposeContext;
  readonly service: string;
  report(rule: PolicyRuleId, path: string, node: Node | null, value: string): void;
  table(keys: KeyTable, node: unknown, path: string): void;
}

/** A path that must be a file of the stack, written without variables. */
export function judgeStackPath(judge: Judge, path: string, node: Node | null): void {
  const text = textOf(resolveNode(judge.compose, node));
  if (text?.includes('$')) {
    judge.report('variable', path, node, text);
    return;
  }
  const clean = text === undefined ? undefined : stackPath(text);
  if (clean === undefined || !judge.context.files.includes(clean)) judge.report('outside-path', path, node, text ?? '');
}

/** Labels as list or mapping: none of ours or Compose's. */
export function judgeLabels(judge: Judge, path: string, node: Node | null): void {
  const names = isSeq(node)
    ? itemsOf(judge.compose, node).map((item) => ({ name: textOf(item) ?? '', node: item }))
    : entriesOf(judge.compose, node).map((item) => ({ name: item.key, node: item.keyNode }));
  for (const { name, node: at } of names) {
    if (RESERVED_LABEL.test(name.trim())) judge.report('label', `${path}.${name.split('=')[0]}`, at, name);
  }
}
