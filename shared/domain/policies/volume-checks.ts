import { isMap, type Node } from 'yaml';
import { MOUNT_KEYS } from './compose-keys.ts';
import { entriesOf, itemsOf, textOf } from './compose-walk.ts';
import { mayBeExcepted } from './exceptions.ts';
import type { Judge } from './judge.ts';
import { bindToText, hostPathRule, isInStack, stackPath } from './values.ts';

/** Judges the mounts of a service in the raw text, short and long syntax. */
export function judgeVolumes(judge: Judge, path: string, node: Node | null): void {
  itemsOf(judge.compose, node).forEach((item, index) => {
    const here = `${path}[${index}]`;
    if (isMap(item)) judgeLong(judge, here, item);
    else judgeShort(judge, here, item, textOf(item) ?? '');
  });
}

function judgeShort(judge: Judge, path: string, node: Node | null, text: string): void {
  const parts = text.split(':');
  if (parts.length === 1) return;
  const [source = '', target = '', options = ''] = parts;
  if (/(^|,)(r?shared|r?slave|r?private)(,|$)/.test(options)) judge.report('mount-propagation', path, node, options);
  judgeSource(judge, path, node, { source, target, isReadOnly: /(^|,)ro(,|$)/.test(options) });
}

function judgeLong(judge: Judge, path: string, node: Node): void {
  judge.table(MOUNT_KEYS, node, path);
  const field = (name: string) => entriesOf(judge.compose, node).find((entry) => entry.key === name)?.value ?? null;
  const type = textOf(field('type')) ?? '';
  if (!['volume', 'bind', 'tmpfs'].includes(type))
    judge.report('mount-type', `${path}.type`, field('type') ?? node, type);
  for (const entry of entriesOf(judge.compose, field('bind')))
    if (entry.key === 'propagation') judge.report('mount-propagation', `${path}.bind.propagation`, entry.keyNode, '');
    else if (!['create_host_path', 'selinux', 'recursive'].includes(entry.key))
      judge.report('unknown-key', `${path}.bind.${entry.key}`, entry.keyNode, entry.key);
  if (type !== 'bind') return;
  const source = textOf(field('source')) ?? '';
  const isReadOnly = textOf(field('read_only')) === 'true';
  judgeSource(judge, path, field('source') ?? node, {
    source: /^[.~/$]/.test(source) ? source : `./${source}`,
    target: textOf(field('target')) ?? '',
    isReadOnly,
  });
}

function judgeSource(
  judge: Judge,
  path: string,
  node: Node | null,
  mount: { source: string; target: string; isReadOnly: boolean },
): void {
  const { source, target, isReadOnly } = mount;
  // A variable is judged when it has its value: gate 3 sees the resolved path.
  if (source.includes('$')) return;
  if (source.startsWith('.')) {
    const clean = stackPath(source);
    if (clean === undefined || !isInStack(clean, judge.context.files)) judge.report('outside-path', path, node, source);
    return;
  }
  if (!source.startsWith('/') && !source.startsWith('~')) return;
  const text = bindToText(source, target, isReadOnly);
  const rule = hostPathRule(source, isReadOnly, judge.context.ownFolders);
  if (!mayBeExcepted(judge.context.exceptions, rule, judge.service)) judge.report(rule, path, node, text);
}
