import { isMap, isSeq, type Node } from 'yaml';
import { type CheckName, DEPLOY_KEYS, HEALTHCHECK_KEYS, LOG_DRIVERS, SERVICE_NETWORK_KEYS } from './compose-keys.ts';
import { entriesOf, itemsOf, textOf } from './compose-walk.ts';
import { mayBeExcepted } from './exceptions.ts';
import { type Judge, judgeStackPath } from './judge.ts';
import type { PolicyRuleId } from './rules.ts';
import { capabilityToText, deviceToText, isRootCapability, shortPortToText, sysctlRule } from './values.ts';
import { judgeVolumes } from './volume-checks.ts';

type Check = (judge: Judge, path: string, node: Node | null) => void;

/** Reports each item unless a signed exception of that rule may cover it; gate 3 then compares the exact value. */
function excepted(rule: PolicyRuleId, toText: (judge: Judge, item: Node | null) => string): Check {
  return (judge, path, node) => {
    if (mayBeExcepted(judge.context.exceptions, rule, judge.service)) return;
    const items = isSeq(node) ? itemsOf(judge.compose, node) : [node];
    for (const [index, item] of items.entries()) judge.report(rule, `${path}[${index}]`, item, toText(judge, item));
  };
}

function field(judge: Judge, node: Node | null, name: string): string | undefined {
  return textOf(entriesOf(judge.compose, node).find((entry) => entry.key === name)?.value);
}

const ports = excepted('publish-port', (judge, item) => {
  if (!isMap(item)) return shortPortToText(textOf(item) ?? '');
  const [target, published] = [field(judge, item, 'target') ?? '', field(judge, item, 'published') ?? ''];
  const hostIp = field(judge, item, 'host_ip') ?? '';
  return shortPortToText(
    `${hostIp ? `${hostIp}:` : ''}${published}:${target}/${field(judge, item, 'protocol') ?? 'tcp'}`,
  );
});

const devices = excepted('device', (judge, item) => {
  if (isMap(item))
    return deviceToText(
      field(judge, item, 'source') ?? '',
      field(judge, item, 'target'),
      field(judge, item, 'permissions'),
    );
  const [source = '', target, permissions] = (textOf(item) ?? '').split(':');
  return deviceToText(source, target, permissions);
});

const capAdd: Check = (judge, path, node) => {
  const items = isSeq(node) ? itemsOf(judge.compose, node) : [node];
  for (const [index, item] of items.entries()) {
    const name = capabilityToText(textOf(item) ?? '');
    const rule = isRootCapability(name) ? 'privileged' : 'capability';
    if (!mayBeExcepted(judge.context.exceptions, rule, judge.service))
      judge.report(rule, `${path}[${index}]`, item, name);
  }
};

const sysctls: Check = (judge, path, node) => {
  const report = (here: string, at: Node | null, value: string) => {
    const rule = sysctlRule(value);
    if (!mayBeExcepted(judge.context.exceptions, rule, judge.service)) judge.report(rule, here, at, value);
  };
  if (isSeq(node)) for (const item of itemsOf(judge.compose, node)) report(path, item, textOf(item) ?? '');
  else
    for (const entry of entriesOf(judge.compose, node))
      report(`${path}.${entry.key}`, entry.keyNode, `${entry.key}=${textOf(entry.value) ?? ''}`);
};

const networkMode: Check = (judge, path, node) => {
  const mode = textOf(node) ?? '';
  if (/^service:[A-Za-z0-9._-]+$/.test(mode) || mode === 'none' || mode === 'bridge') return;
  if (mode !== 'host') judge.report('network-mode', path, node, mode);
  else if (!mayBeExcepted(judge.context.exceptions, 'host-network', judge.service))
    judge.report('host-network', path, node, 'host');
};

const securityOpt: Check = (judge, path, node) => {
  const items = isSeq(node) ? itemsOf(judge.compose, node) : [node];
  for (const item of items) {
    if (!/^no-new-privileges([:=]true)?$/.test(textOf(item) ?? ''))
      judge.report('security-option', path, item, textOf(item) ?? '');
  }
};

const envFile: Check = (judge, path, node) => {
  const items = isSeq(node) ? itemsOf(judge.compose, node) : [node];
  for (const item of items) {
    const named = isMap(item) ? entriesOf(judge.compose, item).find((entry) => entry.key === 'path')?.value : item;
    judgeStackPath(judge, path, named ?? item);
    for (const entry of entriesOf(judge.compose, item))
      if (!['path', 'required', 'format'].includes(entry.key))
        judge.report('unknown-key', `${path}.${entry.key}`, entry.keyNode, entry.key);
  }
};

const extendsCheck: Check = (judge, path, node) => {
  for (const entry of entriesOf(judge.compose, node))
    if (entry.key !== 'service') judge.report('extends', `${path}.${entry.key}`, entry.keyNode, entry.key);
};

const logging: Check = (judge, path, node) => {
  for (const entry of entriesOf(judge.compose, node)) {
    const driver = textOf(entry.value) ?? '';
    if (entry.key === 'driver' && !LOG_DRIVERS.includes(driver))
      judge.report('logging-driver', `${path}.driver`, entry.value, driver);
    if (entry.key !== 'driver' && entry.key !== 'options')
      judge.report('unknown-key', `${path}.${entry.key}`, entry.keyNode, entry.key);
  }
};

const networks: Check = (judge, path, node) => {
  for (const entry of entriesOf(judge.compose, node))
    judge.table(SERVICE_NETWORK_KEYS, entry.value, `${path}.${entry.key}`);
};

const deploy: Check = (judge, path, node) => {
  judge.table(DEPLOY_KEYS, node, path);
  const resources = entriesOf(judge.compose, node).filter((entry) => entry.key === 'resources');
  for (const { value } of resources)
    for (const part of entriesOf(judge.compose, value))
      for (const item of entriesOf(judge.compose, part.value))
        if (!['cpus', 'memory', 'pids'].includes(item.key))
          judge.report('device-rule', `${path}.resources.${part.key}.${item.key}`, item.keyNode, item.key);
};

const dependsOn: Check = (judge, path, node) => {
  if (isSeq(node)) return;
  const keys = { condition: 'free', restart: 'free', required: 'free' } as const;
  for (const entry of entriesOf(judge.compose, node)) judge.table(keys, entry.value, `${path}.${entry.key}`);
};

const image: Check = (judge, path, node) => {
  const text = textOf(node) ?? '';
  if (text === '' || /[\s\0]/.test(text)) judge.report('no-image', path, node, text);
};

/** The judges of a service's values in the raw text; labels and nothing else are judged beside the tables. */
export const SERVICE_CHECKS: Partial<Record<CheckName, Check>> = {
  capAdd,
  dependsOn,
  deploy,
  devices,
  envFile,
  extends: extendsCheck,
  healthcheck: (judge, path, node) => judge.table(HEALTHCHECK_KEYS, node, path),
  image,
  logging,
  networkMode,
  networks,
  ports,
  privileged: (judge, path, node) => {
    if (textOf(node) !== 'false') judge.report('privileged', path, node, textOf(node) ?? '');
  },
  securityOpt,
  sysctls,
  volumes: judgeVolumes,
};
