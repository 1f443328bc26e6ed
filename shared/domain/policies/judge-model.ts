import { err, ok, type Result } from '../../kernel/index.ts';
import { LOG_DRIVERS, RESERVED_LABEL, SERVICE_KEYS } from './compose-keys.ts';
import { isExcepted, type RuleAside } from './exceptions.ts';
import { type Finding, findingsToFault } from './finding.ts';
import { type Opening, openedValues } from './openings.ts';
import type { PolicyRuleId } from './rules.ts';
import {
  bindToText,
  capabilityToText,
  deviceToText,
  hostPathRule,
  isInStack,
  isRootCapability,
  portToText,
  sysctlRule,
} from './values.ts';

/** What the resolved model is judged against. */
export interface ModelContext {
  readonly exceptions: readonly RuleAside[];
  /** Absolute folder in which Compose resolved the stack: binds below it are files of the stack. */
  readonly stackRoot: string;
  /** Relative paths of the files signed with the release. */
  readonly files: readonly string[];
  readonly ownFolders: readonly string[];
  /** What is open to apps on this node; an exception may name it in place of its path. */
  readonly openings?: readonly Opening[];
}

/** A service as `docker compose config --format json` prints it. Unknown by type: it is judged before it is trusted. */
export type ResolvedService = Readonly<Record<string, unknown>>;

/** The whole model as Compose resolved it. */
export interface ResolvedModel {
  readonly services?: Readonly<Record<string, ResolvedService>>;
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
  readonly configs?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
}

type Report = (rule: PolicyRuleId, path: string, value: string) => void;

/** Gate 3: judges what variables, merges and defaults made of the text. The same rules, now with exact values. */
export function judgeModel(model: ResolvedModel, context: ModelContext): Result<void> {
  const findings: Finding[] = [];
  for (const [name, service] of Object.entries(model.services ?? {})) {
    const report: Report = (rule, path, value) => {
      const spellings = [value, ...openedValues(context.openings ?? [], rule, value)];
      if (spellings.some((text) => isExcepted(context.exceptions, rule, name, text))) return;
      findings.push({ rule, path: `services.${name}.${path}`, line: null, column: null, service: name, value });
    };
    judgeService(service, report, context);
  }
  for (const kind of ['networks', 'volumes', 'configs'] as const) judgeTop(kind, model[kind] ?? {}, findings);
  const [first, ...rest] = findings;
  return first ? err(findingsToFault([first, ...rest])) : ok();
}

function judgeTop(kind: 'networks' | 'volumes' | 'configs', entries: Readonly<Record<string, unknown>>, to: Finding[]) {
  for (const [name, value] of Object.entries(entries)) {
    const entry = recordOf(value);
    const report = (rule: PolicyRuleId, key: string) =>
      to.push({
        rule,
        path: `${kind}.${name}.${key}`,
        line: null,
        column: null,
        service: null,
        value: textOf(entry[key]),
      });
    if (isSet(entry.external)) report(kind === 'networks' ? 'external-network' : 'external-volume', 'external');
    if (isSet(entry.driver_opts)) report(kind === 'networks' ? 'network-driver' : 'volume-driver', 'driver_opts');
    if (kind === 'volumes' && isSet(entry.driver) && entry.driver !== 'local') report('volume-driver', 'driver');
    if (kind === 'networks' && isSet(entry.driver) && entry.driver !== 'bridge') report('network-driver', 'driver');
    if (kind === 'networks' && isSet(entry.ipam)) report('network-address', 'ipam');
    if (kind === 'configs' && isSet(entry.environment)) report('environment-source', 'environment');
  }
}

function judgeService(service: ResolvedService, report: Report, context: ModelContext): void {
  for (const [key, value] of Object.entries(service)) {
    const rule = Object.hasOwn(SERVICE_KEYS, key) ? SERVICE_KEYS[key] : undefined;
    if (rule === undefined && !key.startsWith('x-')) report('unknown-key', key, key);
    if (rule !== undefined && rule !== 'free' && 'refuse' in rule && isSet(value))
      report(rule.refuse, key, textOf(value));
  }
  if (typeof service.image !== 'string' || service.image === '') report('no-image', 'image', '');
  if (isSet(service.privileged)) report('privileged', 'privileged', 'true');
  for (const name of listOf(service.cap_add).map((one) => capabilityToText(textOf(one))))
    report(isRootCapability(name) ? 'privileged' : 'capability', 'cap_add', name);
  for (const option of listOf(service.security_opt))
    if (!/^no-new-privileges([:=]true)?$/.test(textOf(option)))
      report('security-option', 'security_opt', textOf(option));
  for (const [name, value] of Object.entries(recordOf(service.sysctls)))
    report(sysctlRule(name), `sysctls.${name}`, `${name}=${textOf(value)}`);
  for (const name of Object.keys(recordOf(service.labels)))
    if (RESERVED_LABEL.test(name)) report('label', `labels.${name}`, name);
  judgeNetworking(service, report);
  judgeDevices(service, report);
  for (const [index, mount] of listOf(service.volumes).entries())
    judgeMount(recordOf(mount), `volumes[${index}]`, report, context);
  const driver = textOf(recordOf(service.logging).driver ?? '');
  if (driver !== '' && !LOG_DRIVERS.includes(driver)) report('logging-driver', 'logging.driver', driver);
}

function judgeNetworking(service: ResolvedService, report: Report): void {
  const mode = service.network_mode;
  if (mode === 'host') report('host-network', 'network_mode', 'host');
  else if (typeof mode === 'string' && !/^(service:[A-Za-z0-9._-]+|none|bridge)$/.test(mode))
    report('network-mode', 'network_mode', mode);
  for (const [name, value] of Object.entries(recordOf(service.networks)))
    for (const key of ['ipv4_address', 'ipv6_address', 'link_local_ips', 'mac_address'])
      if (isSet(recordOf(value)[key]))
        report('network-address', `networks.${name}.${key}`, textOf(recordOf(value)[key]));
  listOf(service.ports).forEach((item, index) => {
    const port = recordOf(item);
    const value = portToText({
      hostIp: textOf(port.host_ip ?? ''),
      published: textOf(port.published ?? ''),
      target: textOf(port.target),
      protocol: textOf(port.protocol ?? ''),
    });
    report('publish-port', `ports[${index}]`, value);
  });
}

function judgeDevices(service: ResolvedService, report: Report): void {
  listOf(service.devices).forEach((item, index) => {
    const device = recordOf(item);
    const value = deviceToText(textOf(device.source), textOf(device.target ?? ''), textOf(device.permissions ?? ''));
    report('device', `devices[${index}]`, value);
  });
  for (const [kind, part] of Object.entries(recordOf(recordOf(service.deploy).resources)))
    for (const key of Object.keys(recordOf(part)))
      if (!['cpus', 'memory', 'pids'].includes(key) && isSet(recordOf(part)[key]))
        report('device-rule', `deploy.resources.${kind}.${key}`, key);
}

function judgeMount(
  mount: Readonly<Record<string, unknown>>,
  path: string,
  report: Report,
  context: ModelContext,
): void {
  if (isSet(recordOf(mount.bind).propagation)) report('mount-propagation', `${path}.bind.propagation`, '');
  if (mount.type === 'volume' || mount.type === 'tmpfs') return;
  if (mount.type !== 'bind') {
    report('mount-type', `${path}.type`, textOf(mount.type));
    return;
  }
  const source = textOf(mount.source);
  const inStack = `${context.stackRoot}/`;
  if (source.startsWith(inStack)) {
    if (!isInStack(source.slice(inStack.length), context.files))
      report('outside-path', path, source.slice(inStack.length));
    return;
  }
  const value = bindToText(source, textOf(mount.target), mount.read_only === true);
  report(hostPathRule(source, mount.read_only === true, context.ownFolders), path, value);
}

/** An own-keys view of what should be a mapping. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** What should be a list; a lone value is a list of one. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === 'object' ? Object.keys(value).length > 0 : true;
}
