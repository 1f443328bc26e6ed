import { isMap, type Node } from 'yaml';
import { err, fault, ok, type Result } from '../../kernel/index.ts';
import { type ComposeDocument, parseComposeDocument } from './compose-document.ts';
import { CONFIG_KEYS, type KeyTable, NETWORK_KEYS, SERVICE_KEYS, TOP_KEYS, VOLUME_KEYS } from './compose-keys.ts';
import { entriesOf, findTagged, textOf } from './compose-walk.ts';
import { type Finding, findingsToFault } from './finding.ts';
import { type ComposeContext, type Judge, judgeLabels, judgeStackPath } from './judge.ts';
import type { PolicyRuleId } from './rules.ts';
import { SERVICE_CHECKS } from './service-checks.ts';

/**
 * Gate 1: judges the raw text before Compose reads it. Names in a refusal carry line and column.
 * Errors: those of parseComposeDocument, `gate.refused`.
 */
export function judgeCompose(text: string, context: ComposeContext): Result<void> {
  const found = findInCompose(text, context);
  if (!found.ok) return found;
  const [first, ...rest] = found.value;
  return first ? err(findingsToFault([first, ...rest])) : ok();
}

/** Every place of the raw text where a rule of gate 1 is broken. Errors: those of parseComposeDocument. */
export function findInCompose(text: string, context: ComposeContext): Result<readonly Finding[]> {
  const parsed = parseComposeDocument(text);
  if (!parsed.ok) return parsed;
  const tagged = findTagged(parsed.value.root);
  if (tagged.isTooDeep)
    return err(
      fault('compose.too-deep', 'permanent', 'The Compose file is nested too deep.', 'Write it flatter.', {
        field: 'compose',
      }),
    );
  const findings = findComposeFindings(parsed.value, context);
  if (tagged.tagged) findings.unshift(makeFinding(parsed.value, 'tag', '(file)', tagged.tagged, null, 'a tag'));
  return ok(findings);
}

function findComposeFindings(compose: ComposeDocument, context: ComposeContext): Finding[] {
  const findings: Finding[] = [];
  const judgeFor = (service: string | null): Judge => {
    const judge: Judge = {
      compose,
      context,
      service: service ?? '',
      report: (rule, path, node, value) => findings.push(makeFinding(compose, rule, path, node, service, value)),
      table: (keys, node, path) => judgeTable(judge, keys, node, path),
    };
    return judge;
  };
  const top = judgeFor(null);
  judgeTable(top, TOP_KEYS, compose.root, '');
  for (const { key, keyNode, value } of entriesOf(compose, compose.root)) {
    if (key === 'services') judgeServices(compose, value, keyNode, judgeFor);
    if (key === 'networks') judgeNamed(top, NETWORK_KEYS, value, key);
    if (key === 'volumes') judgeNamed(top, VOLUME_KEYS, value, key);
    if (key === 'configs') judgeNamed(top, CONFIG_KEYS, value, key);
    if (key === 'secrets') judgeSecrets(top, value);
  }
  if (!entriesOf(compose, compose.root).some((entry) => entry.key === 'services'))
    top.report('unknown-key', 'services', compose.root, 'missing');
  return findings;
}

function judgeServices(
  compose: ComposeDocument,
  value: Node | null,
  keyNode: Node | null,
  judgeFor: (service: string | null) => Judge,
): void {
  const services = entriesOf(compose, value);
  if (services.length === 0) judgeFor(null).report('no-image', 'services', keyNode, 'empty');
  for (const entry of services) {
    const judge = judgeFor(entry.key);
    const path = `services.${entry.key}`;
    if (!/^[a-zA-Z0-9._-]{1,63}$/.test(entry.key)) judge.report('unknown-key', path, entry.keyNode, entry.key);
    if (!isMap(entry.value)) {
      judge.report('no-image', path, entry.keyNode, '');
      continue;
    }
    judgeTable(judge, SERVICE_KEYS, entry.value, path);
    const keys = entriesOf(compose, entry.value).map((item) => item.key);
    if (!keys.includes('image') && !keys.includes('build') && !keys.includes('extends'))
      judge.report('no-image', path, entry.keyNode, '');
  }
}

function judgeNamed(judge: Judge, keys: KeyTable, value: Node | null, path: string): void {
  for (const entry of entriesOf(judge.compose, value)) {
    const here = `${path}.${entry.key}`;
    judgeTable(judge, { ...keys, driver: 'free' }, entry.value, here);
    for (const item of entriesOf(judge.compose, entry.value)) {
      if (item.key === 'driver') judgeDriver(judge, path, here, item.value);
      if (item.key === 'file') judgeStackPath(judge, `${here}.file`, item.value);
    }
  }
}

function judgeDriver(judge: Judge, kind: string, path: string, node: Node | null): void {
  const driver = textOf(node) ?? '';
  if (kind === 'volumes' && driver !== 'local' && driver !== '')
    judge.report('volume-driver', `${path}.driver`, node, driver);
  if (kind === 'networks' && driver !== 'bridge' && driver !== '')
    judge.report('network-driver', `${path}.driver`, node, driver);
  if (kind === 'configs') judge.report('unknown-key', `${path}.driver`, node, driver);
}

function judgeSecrets(judge: Judge, value: Node | null): void {
  for (const entry of entriesOf(judge.compose, value)) {
    if (!judge.context.secrets.includes(entry.key))
      judge.report('plain-secret', `secrets.${entry.key}`, entry.keyNode, entry.key);
  }
}

function judgeTable(judge: Judge, keys: KeyTable, node: unknown, path: string): void {
  for (const { key, keyNode, value } of entriesOf(judge.compose, node)) {
    const here = path === '' ? key : `${path}.${key}`;
    const rule = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (rule === undefined) {
      if (!key.startsWith('x-')) judge.report('unknown-key', here, keyNode, key);
    } else if (rule !== 'free' && 'refuse' in rule) judge.report(rule.refuse, here, keyNode, textOf(value) ?? key);
    else if (rule !== 'free') {
      if (rule.check === 'labels') judgeLabels(judge, here, value);
      else SERVICE_CHECKS[rule.check]?.(judge, here, value ?? keyNode);
    }
  }
}

function makeFinding(
  compose: ComposeDocument,
  rule: PolicyRuleId,
  path: string,
  node: Node | null,
  service: string | null,
  value: string,
): Finding {
  const offset = node?.range?.[0];
  const at = offset === undefined ? { line: null, column: null } : compose.position(offset);
  return { rule, path, line: at.line, column: at.column, service, value };
}
