import fc from 'fast-check';

/** A Compose file that was made up, with the environment it is read with, and whether the gates must refuse it. */
export interface MadeModel {
  readonly compose: string;
  readonly env: Readonly<Record<string, string>>;
  /** What was hidden in it; empty: nothing, so it must pass. */
  readonly evil: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Files that go with each of the models. */
export const MODEL_FILES: Readonly<Record<string, string>> = { 'app.env': 'A=1\n', 'conf/a.conf': 'a\n' };

const variable = (name: string) => `${'$'}{${name}}`;

/** What any app may say; nothing of it reaches past the app. */
const harmless: readonly Fields[] = [
  { restart: 'unless-stopped' },
  { init: true, tty: false },
  { environment: { A: '1', B: variable('HARMLESS') } },
  { environment: ['A=1', 'privileged=true'] },
  { env_file: ['app.env'] },
  { healthcheck: { test: ['CMD', '/web', 'health'], interval: '5s', retries: 3 } },
  { command: ['serve', '--privileged', '/etc'] },
  { labels: { 'mine.example': 'privileged: true' } },
  { volumes: ['data:/data', './conf:/conf:ro', { type: 'tmpfs', target: '/t' }] },
  { volumes: [{ type: 'bind', source: './conf/a.conf', target: '/a.conf', read_only: true }] },
  { tmpfs: ['/run'], read_only: true },
  { deploy: { resources: { limits: { cpus: '0.5', memory: '64M' } } } },
  { logging: { driver: 'json-file', options: { 'max-size': '1m' } } },
  { security_opt: ['no-new-privileges:true'], cap_drop: ['ALL'] },
  { extra_hosts: ['a.example:192.0.2.1'], dns: ['192.0.2.53'] },
  { user: '1000:1000', working_dir: '/tmp', stop_grace_period: '2s' },
  { expose: ['8080'], networks: ['back'] },
  { configs: ['text'] },
  { ulimits: { nofile: 1024 }, oom_score_adj: 100 },
  { 'x-note': { privileged: true } },
];

/** What no app may do without an exception, by key; each a way of its own. */
const evil: Readonly<Record<string, Fields>> = {
  privileged: { privileged: true },
  'privileged as text': { privileged: 'true' },
  'pid of the host': { pid: 'host' },
  'ipc of the host': { ipc: 'host' },
  'uts of the host': { uts: 'host' },
  'users of the host': { userns_mode: 'host' },
  'cgroups of the host': { cgroup: 'host' },
  'network of the host': { network_mode: 'host' },
  'network of a container': { network_mode: 'container:other' },
  'root of the node': { volumes: ['/:/host'] },
  'engine socket': { volumes: ['/var/run/docker.sock:/var/run/docker.sock'] },
  'folder of the node': { volumes: [{ type: 'bind', source: '/srv/x', target: '/x' }] },
  'folder out of the stack': { volumes: ['../../etc:/x'] },
  'shared mount': { volumes: ['data:/x:rshared'] },
  device: { devices: ['/dev/kmsg:/dev/kmsg'] },
  'device with keys': { devices: [{ source: '/dev/kvm', target: '/dev/kvm', permissions: 'rwm' }] },
  'class of devices': { device_cgroup_rules: ['c 1:3 mr'] },
  'graphics card': { deploy: { resources: { reservations: { devices: [{ capabilities: ['gpu'] }] } } } },
  capability: { cap_add: ['NET_ADMIN'] },
  'all capabilities': { cap_add: ['ALL'] },
  'no seccomp': { security_opt: ['seccomp=unconfined'] },
  'no apparmor': { security_opt: ['apparmor:unconfined'] },
  sysctl: { sysctls: { 'net.ipv4.ip_forward': '1' } },
  'cgroup parent': { cgroup_parent: '/' },
  runtime: { runtime: 'other' },
  port: { ports: ['8080:80'] },
  'port with keys': { ports: [{ target: 80, published: '8080' }] },
  'port of the engine’s choice': { ports: ['80'] },
  'container name': { container_name: 'theirs' },
  'label of Compose': { labels: { 'com.docker.compose.project': 'theirs' } },
  'label of ours': { labels: ['dev.overseer.app=theirs'] },
  'volumes of others': { volumes_from: ['container:theirs'] },
  'link out': { external_links: ['theirs'] },
  'log sent away': { logging: { driver: 'syslog', options: { 'syslog-address': 'tcp://192.0.2.1:514' } } },
  'file of the host': { env_file: ['/etc/hostname'] },
  build: { build: '.' },
  hook: { post_start: [{ command: ['id'] }] },
  provider: { provider: { type: 'sh' } },
  'fixed address': { networks: { back: { ipv4_address: '10.0.0.9' } } },
  'key that nobody knows': { privilegd: true },
};

/** Ways in which the same thing is written down. */
const disguises = ['plain', 'variable', 'merge', 'merge list', 'extends', 'alias'] as const;
type Disguise = (typeof disguises)[number];

/** Models with every feature mixed: about half of them hide something. The same seed makes the same ones. */
export function makeModels(count: number, seed: number): MadeModel[] {
  const names = fc.subarray(Object.keys(evil), { minLength: 0, maxLength: 2 });
  const made = fc.record({
    fields: fc.subarray([...harmless], { maxLength: 6 }),
    hidden: fc.oneof(fc.constant<string[]>([]), names, names),
    disguise: fc.constantFrom(...disguises),
    style: fc.constantFrom<'block' | 'flow'>('block', 'flow'),
    isCrlf: fc.boolean(),
  });
  return fc.sample(made, { numRuns: count, seed }).map(({ fields, hidden, disguise, style, isCrlf }) => {
    const env: Record<string, string> = { HARMLESS: 'host' };
    const wrong = hide(Object.assign({}, ...hidden.map((name) => evil[name])), disguise, env);
    const service = { image: 'lab/web:1', ...Object.assign({}, ...fields) };
    const text = write(service, wrong, hidden.length === 0 ? 'plain' : disguise, style);
    return { compose: isCrlf ? text.replaceAll('\n', '\r\n') : text, env, evil: hidden };
  });
}

/** Puts what is text into variables, where the disguise says so. */
function hide(fields: Fields, disguise: Disguise, env: Record<string, string>): Fields {
  if (disguise !== 'variable') return fields;
  const move = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const name = `HIDDEN_${Object.keys(env).length}`;
      env[name] = value;
      return variable(name);
    }
    if (Array.isArray(value)) return value.map(move);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, move(inner)]));
  };
  return move(fields) as Fields;
}

function write(service: Fields, wrong: Fields, disguise: Disguise, style: 'block' | 'flow'): string {
  const top = 'volumes: {data: {}}\nnetworks: {back: {}}\nconfigs: {text: {content: hello}}\n';
  if (disguise === 'plain' || disguise === 'variable')
    return `services:\n${map('web', { ...service, ...wrong }, style)}${top}`;
  // A key of its own goes before one that is merged in, so that nothing covers what is hidden.
  const rest = Object.fromEntries(Object.entries(service).filter(([key]) => !(key in wrong)));
  const flow = JSON.stringify(rest).slice(1, -1);
  if (disguise === 'extends') {
    const base = { image: 'lab/web:1', ...wrong };
    return `services:\n${map('base', base, style)}${map('web', { ...rest, extends: { service: 'base' } }, style)}${top}`;
  }
  if (disguise === 'alias') {
    const whole = JSON.stringify({ ...rest, ...wrong });
    return `x-a: &a ${whole}\nservices:\n  web: *a\n${top}`;
  }
  const from = disguise === 'merge' ? '*a' : '[*a]';
  return `x-a: &a ${JSON.stringify(wrong)}\nservices:\n  web: {<<: ${from}, ${flow}}\n${top}`;
}

function map(name: string, fields: Fields, style: 'block' | 'flow'): string {
  if (style === 'flow') return `  ${name}: ${JSON.stringify(fields)}\n`;
  const lines = Object.entries(fields).map(([key, value]) => `    ${key}: ${JSON.stringify(value)}\n`);
  return `  ${name}:\n${lines.join('')}`;
}
