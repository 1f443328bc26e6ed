/** What an exception to a rule must name, when one can be signed at all. */
export interface RuleException {
  /** How `value` of the signed exception is written, for instance `8080:80/tcp`. */
  readonly value: string;
}

/** One guardrail: why it stands, how to do without what it refuses, and whether an owner may sign it away. */
export interface PolicyRule {
  readonly reason: string;
  readonly mend: string;
  /** Where in a Compose file it looks. */
  readonly where: string;
  readonly exception: RuleException | null;
}

const none = null;
const leaveOut = 'Leave it out.';

/** Every rule of the three gates, by its id. Data: the gates, the plan and the documentation read it. */
export const POLICY_RULES = {
  'unknown-key': {
    reason: 'what Overseer does not know it can not judge',
    mend: 'Check the spelling, or leave the key out.',
    where: 'every level',
    exception: none,
  },
  include: {
    reason: 'include reads other files and even git repositories before anything can be judged',
    mend: 'Put all services into this one file.',
    where: 'include',
    exception: none,
  },
  extends: {
    reason: 'extends with a file reads what was not signed with this release',
    mend: 'Extend a service of the same file, or write the service out.',
    where: 'services.*.extends.file',
    exception: none,
  },
  build: {
    reason: 'nodes run images, they do not build',
    mend: 'Build the image elsewhere, push it and name it by image:.',
    where: 'services.*.build',
    exception: none,
  },
  provider: {
    reason: 'a provider starts a program on the node itself',
    mend: leaveOut,
    where: 'services.*.provider',
    exception: none,
  },
  'api-socket': {
    reason: 'who holds the engine’s socket is root on the node',
    mend: leaveOut,
    where: 'services.*.use_api_socket',
    exception: none,
  },
  hooks: {
    reason: 'hooks run commands in containers when Compose runs, not when the container does',
    mend: 'Put it into the image’s entrypoint, or use a service that runs once and depends_on it.',
    where: 'services.*.post_start, pre_stop',
    exception: none,
  },
  'outside-path': {
    reason: 'only files that were signed with this release may be read',
    mend: 'Add the file to the app’s files and name it by its relative path.',
    where: 'env_file, configs.*.file, ./ volumes',
    exception: none,
  },
  'environment-source': {
    reason: 'it would read the node’s own environment',
    mend: 'Give the value as content:, or as a file of the stack.',
    where: 'configs.*.environment',
    exception: none,
  },
  'plain-secret': {
    reason: 'a secret that Overseer does not keep sealed would lie in plain text on the disk',
    mend: 'Set it as a secret of the app under the same name.',
    where: 'secrets.*',
    exception: none,
  },
  'external-volume': {
    reason: 'the volume belongs to something else on this node',
    mend: 'Leave external out: the app gets a volume of its own, kept until you delete it by name.',
    where: 'volumes.*.external',
    exception: none,
  },
  'external-network': {
    reason: 'the network belongs to something else on this node',
    mend: 'Leave external out; to be reached by name, give the app a route.',
    where: 'networks.*.external',
    exception: none,
  },
  'volume-driver': {
    reason: 'drivers and their options can mount any folder or server',
    mend: 'Leave driver and driver_opts out; for a folder of the host write a bind and sign host-folder.',
    where: 'volumes.*.driver, driver_opts',
    exception: none,
  },
  'network-driver': {
    reason: 'drivers and their options reach past the app’s own bridge',
    mend: 'Leave driver and driver_opts out.',
    where: 'networks.*.driver, driver_opts',
    exception: none,
  },
  'network-address': {
    reason: 'addresses are chosen by the node, so that apps and the host’s own networks never overlap',
    mend: 'Leave ipam and fixed addresses out; services reach each other by name.',
    where: 'networks.*.ipam, services.*.networks.*.ipv4_address',
    exception: none,
  },
  'container-name': {
    reason: 'a fixed name can belong to somebody else’s container and allows no second copy',
    mend: 'Leave it out; services reach each other by their service name.',
    where: 'services.*.container_name',
    exception: none,
  },
  'host-network': {
    reason: 'the container would see and use every port and network of the node',
    mend: 'Leave network_mode out, or sign the exception host-network.',
    where: 'services.*.network_mode: host',
    exception: { value: 'host' },
  },
  'network-mode': {
    reason: 'it joins the network of a container that is not part of this app',
    mend: 'Use service:NAME of the same file, or leave network_mode out.',
    where: 'services.*.network_mode',
    exception: none,
  },
  privileged: {
    reason: 'a privileged container is root on the node',
    mend: 'Leave it out; name the single device or capability it needs and sign that.',
    where: 'services.*.privileged',
    exception: none,
  },
  'host-namespace': {
    reason: 'it shares processes, memory or names with the node',
    mend: leaveOut,
    where: 'services.*.pid, ipc, uts, userns_mode, cgroup',
    exception: none,
  },
  device: {
    reason: 'a device of the node is given to the app',
    mend: 'Leave it out, or sign the exception device.',
    where: 'services.*.devices, gpus',
    exception: { value: 'HOST:CONTAINER:rwm' },
  },
  'device-rule': {
    reason: 'it opens whole classes of devices',
    mend: 'Name the single devices under devices:.',
    where: 'services.*.device_cgroup_rules, deploy.resources.reservations.devices',
    exception: none,
  },
  capability: {
    reason: 'the container gets a right over the node that containers do not have',
    mend: 'Leave it out, or sign the exception capability.',
    where: 'services.*.cap_add',
    exception: { value: 'the capability without CAP_, for instance NET_ADMIN' },
  },
  'security-option': {
    reason: 'it weakens the walls around the container',
    mend: 'Only no-new-privileges:true is taken.',
    where: 'services.*.security_opt',
    exception: none,
  },
  'cgroup-parent': {
    reason: 'it escapes the limits of the engine',
    mend: leaveOut,
    where: 'services.*.cgroup_parent',
    exception: none,
  },
  sysctl: {
    reason: 'kernel settings of the node’s network stack',
    mend: 'Leave it out, or sign the exception sysctl (net.* only).',
    where: 'services.*.sysctls',
    exception: { value: 'NAME=VALUE' },
  },
  runtime: {
    reason: 'another runtime may have other walls',
    mend: leaveOut,
    where: 'services.*.runtime, isolation',
    exception: none,
  },
  'host-folder': {
    reason: 'a folder of the node is given to the app',
    mend: 'Use a named volume, or sign the exception host-folder.',
    where: 'services.*.volumes, bind',
    exception: { value: 'HOST:CONTAINER:ro or :rw' },
  },
  'host-system': {
    reason: 'who can change this path is root on the node, or reads what other apps keep',
    mend: 'Use a named volume, or a folder of your own below /srv or /mnt.',
    where: 'services.*.volumes, bind',
    exception: none,
  },
  'mount-type': {
    reason: 'this kind of mount is not judged',
    mend: 'Use type volume, bind or tmpfs.',
    where: 'services.*.volumes.*.type',
    exception: none,
  },
  'mount-propagation': {
    reason: 'mounts of the container would appear on the node',
    mend: leaveOut,
    where: 'services.*.volumes.*.bind.propagation',
    exception: none,
  },
  'volumes-from': {
    reason: 'it takes over the volumes of other containers',
    mend: 'Name the volume in both services.',
    where: 'services.*.volumes_from',
    exception: none,
  },
  'publish-port': {
    reason: 'the port is open to the whole network of the node, past the ingress and its access rules',
    mend: 'Give the app a route, or sign the exception publish-port (apps for the LAN without HTTP need it).',
    where: 'services.*.ports',
    exception: { value: 'HOST:CONTAINER/tcp' },
  },
  'external-link': {
    reason: 'it reaches containers that are not part of this app',
    mend: leaveOut,
    where: 'services.*.external_links',
    exception: none,
  },
  label: {
    reason: 'labels of Overseer and Compose say what belongs to whom',
    mend: 'Use labels of your own.',
    where: 'labels',
    exception: none,
  },
  'logging-driver': {
    reason: 'it sends the log away from the node, or hides it from you',
    mend: 'Use json-file, local or none, or leave logging out.',
    where: 'services.*.logging',
    exception: none,
  },
  tag: {
    reason: 'YAML tags change what stands in the file after it was judged',
    mend: 'Write plain values.',
    where: 'every level',
    exception: none,
  },
  variable: {
    reason: 'this place must be readable before variables are put in',
    mend: 'Write the value itself.',
    where: 'env_file, configs.*.file',
    exception: none,
  },
  'no-image': {
    reason: 'a service without an image can not run',
    mend: 'Add image:.',
    where: 'services.*.image',
    exception: none,
  },
} as const satisfies Record<string, PolicyRule>;

/** The id of a rule. */
export type PolicyRuleId = keyof typeof POLICY_RULES;
