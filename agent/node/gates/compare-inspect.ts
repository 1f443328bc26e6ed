import { deviceToText, listOf, recordOf } from '#shared/domain/policies/index.ts';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { EngineModel, PreparedModel } from '../compose/prepared.ts';
import type { ContainerState } from '../engine/engine.ts';

/**
 * Compares what the engine made with the model it was told to make: the last look, with eyes that share nothing with
 * Compose. Only names of variables are compared and told, never values. Error: `gate.inspect-mismatch`.
 */
export function compareInspect(model: PreparedModel, containers: readonly ContainerState[]): Result<void> {
  for (const container of containers) {
    const service = model.services.get(container.service);
    if (!service || container.definition !== service.definition) continue;
    const made = model.model.services[container.service];
    const wrong = made && findMismatch(made, { image: service.image.info, configs: model.model.configs }, container);
    if (wrong) return err(mismatch(container.name, wrong));
  }
  return ok();
}

function findMismatch(
  made: Readonly<Record<string, unknown>>,
  wanted: { image: { Id: string; Config: { Env?: string[] } }; configs: EngineModel['configs'] },
  container: ContainerState,
): string | undefined {
  const { Config: config, HostConfig: host } = container.inspect;
  const { image, configs } = wanted;
  // Engines with containerd's image store may name the platform's manifest where others name the image.
  if (container.imageId !== image.Id && container.image !== made.image) return `it runs image ${container.imageId}`;
  if (host.Privileged) return 'it is privileged';
  for (const [what, mode] of Object.entries({
    pid: host.PidMode,
    ipc: host.IpcMode,
    uts: host.UTSMode,
    userns: host.UsernsMode,
  }))
    if (/^(host|container:)/.test(mode ?? '')) return `its ${what} mode is ${mode}`;
  if (host.NetworkMode === 'host' && made.network_mode !== 'host') return 'it is on the network of the host';
  if (/^container:/.test(host.NetworkMode ?? '') && !/^service:/.test(String(made.network_mode)))
    return 'it is on the network of another container';
  const loosened = strangeOption(made, host) ?? strangePort(made, host);
  if (loosened !== undefined) return loosened;
  const added = ((host.CapAdd ?? []) as string[]).map(plainCapability);
  const allowed = namesOf(made.cap_add).map(plainCapability);
  const capability = added.find((name) => !allowed.includes(name));
  if (capability) return `it has the capability ${capability}`;
  const devices = listOf(made.devices).map((item) => deviceText(recordOf(item), ['source', 'target', 'permissions']));
  const names = ['PathOnHost', 'PathInContainer', 'CgroupPermissions'] as const;
  const device = listOf(host.Devices)
    .map((item) => deviceText(recordOf(item), names))
    .find((text) => !devices.includes(text));
  if (device !== undefined) return `it has the device ${device} of the node`;
  return strangeMount(made, configs, container) ?? strangeVariable(made, image, config.Env ?? []);
}

type HostConfig = ContainerState['inspect']['HostConfig'];

/** What takes protection of the kernel away, or gives devices in another way than by their path. */
function strangeOption(made: Readonly<Record<string, unknown>>, host: HostConfig): string | undefined {
  const wanted = namesOf(made.security_opt).map(plainOption);
  const option = namesOf(host.SecurityOpt).find((one) => !wanted.includes(plainOption(one)));
  if (option !== undefined) return `it has the security option ${option.slice(0, 60)}`;
  // Compose turns the option into lists that are empty; where nothing is said the engine fills them.
  if (host.MaskedPaths?.length === 0 && !wanted.some((one) => one.startsWith('systempaths=')))
    return 'it sees the paths of /proc and /sys that others do not';
  // No exception gives these.
  const [rule] = host.DeviceCgroupRules ?? [];
  if (rule !== undefined) return `it has the device rule ${rule}`;
  return (host.DeviceRequests ?? []).length > 0 ? 'it was given devices of a driver' : undefined;
}

function strangePort(made: Readonly<Record<string, unknown>>, host: HostConfig): string | undefined {
  if (host.PublishAllPorts) return 'it publishes all its ports';
  const wanted = listOf(made.ports).map((item) => {
    const { target, protocol = 'tcp' } = recordOf(item);
    return `${target}/${protocol}`;
  });
  const port = Object.keys(recordOf(host.PortBindings)).find((one) => !wanted.includes(one));
  return port === undefined ? undefined : `it publishes its port ${port}`;
}

/** `name:value` and `name=value` say the same. */
const plainOption = (option: string) => option.replace(':', '=');

function strangeMount(
  made: Readonly<Record<string, unknown>>,
  configs: EngineModel['configs'],
  container: ContainerState,
): string | undefined {
  const wanted = (made.volumes as Record<string, unknown>[] | undefined) ?? [];
  const binds = wanted.filter((mount) => mount.type === 'bind');
  const used = listOf(made.configs).map((use) => configs[String(recordOf(use).source ?? use)]?.file);
  for (const { Type, Source, Destination, RW } of container.inspect.Mounts ?? []) {
    const bind = binds.find((one) => one.source === Source && one.target === Destination);
    if (Type === 'bind' && !bind && !used.includes(Source)) return `${Source} of the node is mounted at ${Destination}`;
    if (bind?.read_only === true && RW) return `it can write to ${Source} of the node`;
    if (Type === 'volume' && !wanted.some((one) => one.type === 'volume' && one.target === Destination))
      return `a volume without a name is mounted at ${Destination}`;
  }
  return undefined;
}

function strangeVariable(
  made: Readonly<Record<string, unknown>>,
  image: { Config: { Env?: string[] } },
  variables: readonly string[],
): string | undefined {
  const known = new Set([
    ...Object.keys(recordOf(made.environment)),
    ...(image.Config.Env ?? []).map((entry) => entry.split('=')[0]),
    ...['PATH', 'HOSTNAME', 'HOME', 'TERM'],
  ]);
  const strange = variables.map((entry) => entry.split('=')[0] ?? '').find((name) => !known.has(name));
  return strange === undefined ? undefined : `it has the variable ${strange}`;
}

/** A device in the spelling of exceptions, from the keys of Compose's model or of the engine's answer. */
function deviceText(
  item: Readonly<Record<string, unknown>>,
  [from, to, rights]: readonly [string, string, string],
): string {
  const text = (key: string) => (typeof item[key] === 'string' ? item[key] : '');
  return deviceToText(text(from), text(to), text(rights));
}

const plainCapability = (name: string) => name.toUpperCase().replace(/^CAP_/, '');

function namesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function mismatch(container: string, what: string) {
  return fault(
    'gate.inspect-mismatch',
    'denied',
    `The engine did not make ${container} as it was told: ${what}.`,
    'The container was taken down. Look for a program on the node that changes containers, or report this.',
    { field: container },
  );
}
