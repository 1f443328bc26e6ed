import type { PolicyRuleId } from './rules.ts';

/** How a key is judged: `free` values mean nothing to the host, `refuse` names the rule, `check` the judge of its value. */
export type KeyRule = 'free' | { readonly refuse: PolicyRuleId } | { readonly check: CheckName };

/** The judges of values; gate 1 and gate 3 each implement all of them. */
export type CheckName =
  | 'privileged'
  | 'capAdd'
  | 'configs'
  | 'dependsOn'
  | 'deploy'
  | 'devices'
  | 'envFile'
  | 'extends'
  | 'healthcheck'
  | 'image'
  | 'labels'
  | 'logging'
  | 'networkMode'
  | 'networks'
  | 'ports'
  | 'securityOpt'
  | 'secrets'
  | 'sysctls'
  | 'volumes';

export type KeyTable = Readonly<Record<string, KeyRule>>;

const free = (...names: string[]): KeyTable => Object.fromEntries(names.map((name) => [name, 'free']));
const refuse = (rule: PolicyRuleId, ...names: string[]): KeyTable =>
  Object.fromEntries(names.map((name) => [name, { refuse: rule }]));
const check = (...names: [string, CheckName][]): KeyTable =>
  Object.fromEntries(names.map(([name, judge]) => [name, { check: judge }]));

/** Keys of a service. What is not here is refused as `unknown-key`; names beginning with `x-` are Compose's own exit. */
export const SERVICE_KEYS: KeyTable = {
  ...free('attach', 'cap_drop', 'command', 'cpu_count', 'cpu_percent', 'cpu_period', 'cpu_quota', 'cpu_shares', 'cpus'),
  ...free('cpuset', 'dns', 'dns_opt', 'dns_search', 'domainname', 'entrypoint', 'environment', 'expose', 'extra_hosts'),
  ...free('group_add', 'hostname', 'init', 'links', 'mem_limit', 'mem_reservation', 'mem_swappiness', 'memswap_limit'),
  ...free('oom_score_adj', 'pids_limit', 'platform', 'profiles', 'pull_policy', 'read_only', 'restart', 'scale'),
  ...free(
    'shm_size',
    'stdin_open',
    'stop_grace_period',
    'stop_signal',
    'tmpfs',
    'tty',
    'ulimits',
    'user',
    'working_dir',
  ),
  ...check(['cap_add', 'capAdd'], ['configs', 'configs'], ['depends_on', 'dependsOn'], ['deploy', 'deploy']),
  ...check(['devices', 'devices'], ['env_file', 'envFile'], ['extends', 'extends'], ['healthcheck', 'healthcheck']),
  ...check(['image', 'image'], ['labels', 'labels'], ['logging', 'logging'], ['network_mode', 'networkMode']),
  ...check(['networks', 'networks'], ['ports', 'ports'], ['privileged', 'privileged'], ['security_opt', 'securityOpt']),
  ...check(['secrets', 'secrets'], ['sysctls', 'sysctls'], ['volumes', 'volumes']),
  ...refuse('build', 'build', 'develop'),
  ...refuse('provider', 'provider', 'models'),
  ...refuse('api-socket', 'use_api_socket', 'credential_spec'),
  ...refuse('hooks', 'post_start', 'pre_stop', 'pre_start', 'post_stop'),
  ...refuse('container-name', 'container_name'),
  ...refuse('host-namespace', 'pid', 'ipc', 'uts', 'userns_mode', 'cgroup'),
  ...refuse('device-rule', 'device_cgroup_rules', 'gpus', 'blkio_config'),
  ...refuse('cgroup-parent', 'cgroup_parent'),
  ...refuse('runtime', 'runtime', 'isolation', 'storage_opt'),
  ...refuse('volumes-from', 'volumes_from'),
  ...refuse('external-link', 'external_links'),
  ...refuse('outside-path', 'label_file'),
  ...refuse('network-address', 'mac_address'),
};

/** Keys at the top of a Compose file. `name` and `version` are read by nobody: the node sets its own. */
export const TOP_KEYS: KeyTable = {
  ...free('name', 'version', 'services', 'networks', 'volumes', 'configs', 'secrets'),
  ...refuse('include', 'include'),
  ...refuse('provider', 'models'),
};

/** Keys of one entry of `networks`. */
export const NETWORK_KEYS: KeyTable = {
  ...free('name', 'internal', 'attachable', 'enable_ipv6', 'enable_ipv4'),
  ...check(['labels', 'labels']),
  ...refuse('external-network', 'external'),
  ...refuse('network-driver', 'driver_opts'),
  ...refuse('network-address', 'ipam'),
};

/** Keys of one entry of `volumes`. */
export const VOLUME_KEYS: KeyTable = {
  ...free('name'),
  ...check(['labels', 'labels']),
  ...refuse('external-volume', 'external'),
  ...refuse('volume-driver', 'driver_opts'),
};

/** Keys of one entry of `configs`. */
export const CONFIG_KEYS: KeyTable = {
  ...free('name', 'content', 'file'),
  ...refuse('environment-source', 'environment'),
  ...refuse('external-volume', 'external'),
};

export const HEALTHCHECK_KEYS = free(
  ...['disable', 'interval', 'retries', 'start_interval', 'start_period', 'test', 'timeout'],
);
export const SERVICE_NETWORK_KEYS: KeyTable = {
  ...free('aliases', 'priority', 'gw_priority'),
  ...refuse('network-address', 'ipv4_address', 'ipv6_address', 'link_local_ips', 'mac_address'),
  ...refuse('network-driver', 'driver_opts', 'interface_name'),
};
export const DEPLOY_KEYS: KeyTable = {
  ...free('mode', 'replicas', 'restart_policy', 'update_config', 'rollback_config', 'endpoint_mode', 'resources'),
  ...check(['labels', 'labels']),
};
export const MOUNT_KEYS = free(...['type', 'source', 'target', 'read_only', 'bind', 'volume', 'tmpfs', 'consistency']);

/** Log drivers that keep the log on the node and let it be read. */
export const LOG_DRIVERS: readonly string[] = ['json-file', 'local', 'none'];

/** Labels that only Overseer and Compose may set. */
export const RESERVED_LABEL = /^(dev\.overseer|com\.docker)\./i;
