/** What is at stake behind a guardrail, in a word and a sentence; the gravest first. */
export const POLICY_LEVELS = {
  root: 'whoever has it is root on the node, and so has every app and secret there',
  node: 'a part of the node is open to the app: its network, its devices, its folders, its kernel',
  neighbour: 'it reaches what belongs to something else on the node',
  unsigned: 'something would run or be read that was not signed with the release',
  unjudged: 'Overseer can not say what it would do',
} as const;

/** How grave it would be without the guardrail. */
export type PolicyLevel = keyof typeof POLICY_LEVELS;

/** What an exception to a rule must name, when one can be signed at all. */
export interface RuleException {
  /** How `value` of the signed exception is written, for instance `8080:80/tcp`. */
  readonly value: string;
}

/** One guardrail: what it is about, why it stands, how to do without, and whether an owner may sign it away. */
export interface PolicyRule {
  /** What is refused, for a heading and for the lines of a plan. */
  readonly title: string;
  readonly level: PolicyLevel;
  /** Why it is refused: the rest of a sentence that begins with "because". */
  readonly reason: string;
  /** What to do instead. */
  readonly mend: string;
  /** Where in a Compose file it looks. */
  readonly where: string;
  readonly exception: RuleException | null;
}

const none = null;
const leaveOut = 'Leave it out.';

/**
 * Every rule of the three gates, by its id. Data: the gates, their errors, the plan, the editor's notes and
 * docs/guardrails.md are made from it; a check wants a test for each, whose title begins with the id.
 */
export const POLICY_RULES = {
  'unknown-key': {
    title: 'A key that Overseer does not know',
    level: 'unjudged',
    reason: 'what Overseer does not know it can not judge',
    mend: 'Check the spelling, or leave the key out.',
    where: 'every level',
    exception: none,
  },
  include: {
    title: 'Other Compose files',
    level: 'unsigned',
    reason: 'include reads other files and even git repositories before anything can be judged',
    mend: 'Put all services into this one file.',
    where: 'include',
    exception: none,
  },
  extends: {
    title: 'A service out of another file',
    level: 'unsigned',
    reason: 'extends with a file reads what was not signed with this release',
    mend: 'Extend a service of the same file, or write the service out.',
    where: 'services.*.extends.file',
    exception: none,
  },
  build: {
    title: 'Images built on the node',
    level: 'unsigned',
    reason: 'nodes run images, they do not build',
    mend: 'Build the image elsewhere, push it and name it by image:.',
    where: 'services.*.build',
    exception: none,
  },
  provider: {
    title: 'A program in place of a container',
    level: 'root',
    reason: 'a provider starts a program on the node itself',
    mend: leaveOut,
    where: 'services.*.provider',
    exception: none,
  },
  'api-socket': {
    title: 'The engine’s socket',
    level: 'root',
    reason: 'who holds the engine’s socket is root on the node',
    mend: leaveOut,
    where: 'services.*.use_api_socket',
    exception: none,
  },
  hooks: {
    title: 'Commands that Compose runs',
    level: 'unsigned',
    reason: 'hooks run commands in containers when Compose runs, not when the container does',
    mend: 'Put it into the image’s entrypoint, or use a service that runs once and depends_on it.',
    where: 'services.*.post_start, pre_stop',
    exception: none,
  },
  'outside-path': {
    title: 'A file that is not part of the app',
    level: 'unsigned',
    reason: 'only files that were signed with this release may be read',
    mend: 'Add the file to the app’s files and name it by its relative path.',
    where: 'env_file, configs.*.file, ./ volumes',
    exception: none,
  },
  'environment-source': {
    title: 'The node’s own environment',
    level: 'node',
    reason: 'it would read the node’s own environment',
    mend: 'Give the value as content:, or as a file of the stack.',
    where: 'configs.*.environment',
    exception: none,
  },
  'plain-secret': {
    title: 'A secret in plain text',
    level: 'unsigned',
    reason: 'a secret that Overseer does not keep sealed would lie in plain text on the disk',
    mend: 'Set it as a secret of the app under the same name.',
    where: 'secrets.*',
    exception: none,
  },
  'external-volume': {
    title: 'A volume that is not the app’s',
    level: 'neighbour',
    reason: 'the volume belongs to something else on this node',
    mend: 'Leave external out: the app gets a volume of its own, kept until you delete it by name.',
    where: 'volumes.*.external',
    exception: none,
  },
  'external-network': {
    title: 'A network that is not the app’s',
    level: 'neighbour',
    reason: 'the network belongs to something else on this node',
    mend: 'Leave external out; to be reached by name, give the app a route.',
    where: 'networks.*.external',
    exception: none,
  },
  'volume-driver': {
    title: 'A driver for volumes',
    level: 'root',
    reason: 'drivers and their options can mount any folder or server',
    mend: 'Leave driver and driver_opts out; for a folder of the host write a bind and sign host-folder.',
    where: 'volumes.*.driver, driver_opts',
    exception: none,
  },
  'network-driver': {
    title: 'A driver for networks',
    level: 'node',
    reason: 'drivers and their options reach past the app’s own bridge',
    mend: 'Leave driver and driver_opts out.',
    where: 'networks.*.driver, driver_opts',
    exception: none,
  },
  'network-address': {
    title: 'A fixed address',
    level: 'neighbour',
    reason: 'addresses are chosen by the node, so that apps and the host’s own networks never overlap',
    mend: 'Leave ipam and fixed addresses out; services reach each other by name.',
    where: 'networks.*.ipam, services.*.networks.*.ipv4_address',
    exception: none,
  },
  'container-name': {
    title: 'A fixed container name',
    level: 'neighbour',
    reason: 'a fixed name can belong to somebody else’s container and allows no second copy',
    mend: 'Leave it out; services reach each other by their service name.',
    where: 'services.*.container_name',
    exception: none,
  },
  'host-network': {
    title: 'The network of the node',
    level: 'node',
    reason: 'the container would see and use every port and network of the node',
    mend: 'Leave network_mode out, or sign the exception host-network.',
    where: 'services.*.network_mode: host',
    exception: { value: 'host' },
  },
  'network-mode': {
    title: 'The network of another container',
    level: 'neighbour',
    reason: 'it joins the network of a container that is not part of this app',
    mend: 'Use service:NAME of the same file, or leave network_mode out.',
    where: 'services.*.network_mode',
    exception: none,
  },
  privileged: {
    title: 'A privileged container',
    level: 'root',
    reason: 'a privileged container is root on the node',
    mend: 'Leave it out; name the single device or capability it needs and sign that.',
    where: 'services.*.privileged',
    exception: none,
  },
  'host-namespace': {
    title: 'Namespaces of the node',
    level: 'root',
    reason: 'it shares processes, memory or names with the node',
    mend: leaveOut,
    where: 'services.*.pid, ipc, uts, userns_mode, cgroup',
    exception: none,
  },
  device: {
    title: 'A device of the node',
    level: 'node',
    reason: 'a device of the node is given to the app',
    mend: 'Leave it out, or let an owner open the device under a name and sign the exception device.',
    where: 'services.*.devices, gpus',
    exception: { value: 'opened NAME:CONTAINER:rwm, or HOST:CONTAINER:rwm' },
  },
  'device-rule': {
    title: 'Whole classes of devices',
    level: 'node',
    reason: 'it opens whole classes of devices',
    mend: 'Name the single devices under devices:.',
    where: 'services.*.device_cgroup_rules, deploy.resources.reservations.devices',
    exception: none,
  },
  capability: {
    title: 'A right over the node',
    level: 'node',
    reason: 'the container gets a right over the node that containers do not have',
    mend: 'Leave it out, or sign the exception capability.',
    where: 'services.*.cap_add',
    exception: { value: 'the capability without CAP_, for instance NET_ADMIN' },
  },
  'security-option': {
    title: 'Weaker walls around the container',
    level: 'root',
    reason: 'it weakens the walls around the container',
    mend: 'Only no-new-privileges:true is taken.',
    where: 'services.*.security_opt',
    exception: none,
  },
  'cgroup-parent': {
    title: 'Past the engine’s limits',
    level: 'node',
    reason: 'it escapes the limits of the engine',
    mend: leaveOut,
    where: 'services.*.cgroup_parent',
    exception: none,
  },
  sysctl: {
    title: 'Kernel settings',
    level: 'node',
    reason: 'kernel settings of the node’s network stack',
    mend: 'Leave it out, or sign the exception sysctl (net.* only).',
    where: 'services.*.sysctls',
    exception: { value: 'NAME=VALUE' },
  },
  runtime: {
    title: 'Another container runtime',
    level: 'root',
    reason: 'another runtime may have other walls',
    mend: leaveOut,
    where: 'services.*.runtime, isolation',
    exception: none,
  },
  'host-folder': {
    title: 'A folder of the node',
    level: 'node',
    reason: 'a folder of the node is given to the app',
    mend: 'Use a named volume, or let an owner open the folder under a name and sign the exception host-folder.',
    where: 'services.*.volumes, bind',
    exception: { value: 'opened NAME:CONTAINER:ro or :rw, or HOST:CONTAINER:ro or :rw' },
  },
  'host-system': {
    title: 'A system folder of the node',
    level: 'root',
    reason: 'who can change this path is root on the node, or reads what other apps keep',
    mend: 'Use a named volume, or a folder of your own below /srv or /mnt.',
    where: 'services.*.volumes, bind',
    exception: none,
  },
  'mount-type': {
    title: 'A mount that can not be judged',
    level: 'unjudged',
    reason: 'this kind of mount is not judged',
    mend: 'Use type volume, bind or tmpfs.',
    where: 'services.*.volumes.*.type',
    exception: none,
  },
  'mount-propagation': {
    title: 'Mounts that reach back to the node',
    level: 'node',
    reason: 'mounts of the container would appear on the node',
    mend: leaveOut,
    where: 'services.*.volumes.*.bind.propagation',
    exception: none,
  },
  'volumes-from': {
    title: 'Volumes of other containers',
    level: 'neighbour',
    reason: 'it takes over the volumes of other containers',
    mend: 'Name the volume in both services.',
    where: 'services.*.volumes_from',
    exception: none,
  },
  'publish-port': {
    title: 'A port open past the ingress',
    level: 'node',
    reason: 'the port is open to the whole network of the node, past the ingress and its access rules',
    mend: 'Give the app a route, or sign the exception publish-port (apps for the LAN without HTTP need it).',
    where: 'services.*.ports',
    exception: { value: 'HOST:CONTAINER/tcp' },
  },
  'external-link': {
    title: 'Links to other containers',
    level: 'neighbour',
    reason: 'it reaches containers that are not part of this app',
    mend: leaveOut,
    where: 'services.*.external_links',
    exception: none,
  },
  label: {
    title: 'Labels of Overseer or Compose',
    level: 'neighbour',
    reason: 'labels of Overseer and Compose say what belongs to whom',
    mend: 'Use labels of your own.',
    where: 'labels',
    exception: none,
  },
  'logging-driver': {
    title: 'Logs sent away',
    level: 'node',
    reason: 'it sends the log away from the node, or hides it from you',
    mend: 'Use json-file, local or none, or leave logging out.',
    where: 'services.*.logging',
    exception: none,
  },
  tag: {
    title: 'YAML tags',
    level: 'unjudged',
    reason: 'YAML tags change what stands in the file after it was judged',
    mend: 'Write plain values.',
    where: 'every level',
    exception: none,
  },
  variable: {
    title: 'A variable where none is read',
    level: 'unjudged',
    reason: 'this place must be readable before variables are put in',
    mend: 'Write the value itself.',
    where: 'env_file, configs.*.file',
    exception: none,
  },
  'no-image': {
    title: 'A service without an image',
    level: 'unjudged',
    reason: 'a service without an image can not run',
    mend: 'Add image:.',
    where: 'services.*.image',
    exception: none,
  },
} as const satisfies Record<string, PolicyRule>;

/** The id of a rule. */
export type PolicyRuleId = keyof typeof POLICY_RULES;

/** The rule of an id that came from outside: a release, a document, another version of Overseer. */
export function findRule(id: string): PolicyRule | undefined {
  return Object.hasOwn(POLICY_RULES, id) ? POLICY_RULES[id as PolicyRuleId] : undefined;
}
