import { expect, test } from 'vitest';
import { judgeCompose, judgeModel, POLICY_RULES, type PolicyRuleId, type RuleAside } from './index.ts';

const files = ['nginx.conf', 'conf/a.conf', 'app.env'];
const inService = (line: string) => `services:\n  web:\n    image: nginx:1\n    ${line}\n`;
const atTop = (text: string) => `services:\n  web:\n    image: nginx:1\n${text}\n`;
const variable = `${'$'}{P}`;

/** Gate 1 refuses each text by exactly this rule, says where, why and what to do instead. */
function refuses(rule: PolicyRuleId, texts: readonly string[], exceptions: RuleAside[] = []): void {
  for (const text of texts) {
    const result = judgeCompose(text, { files, secrets: ['db'], exceptions });
    expect(result, text).toMatchObject({ ok: false, error: { code: 'gate.refused', detail: { rule } } });
    if (result.ok) continue;
    expect(result.error.detail?.line, text).toMatch(/^\d+$/);
    expect(result.error.message).toContain(POLICY_RULES[rule].reason);
    expect(result.error.next).toContain(POLICY_RULES[rule].mend);
  }
}

const refusesKeys = (rule: PolicyRuleId, ...lines: string[]) => refuses(rule, lines.map(inService));
const refusesTop = (rule: PolicyRuleId, ...texts: string[]) => refuses(rule, texts.map(atTop));

/** Gate 3 on one resolved service, or on more of the model. */
function resolved(service: object, exceptions: RuleAside[] = [], more: object = {}): string | undefined {
  const model = { services: { web: { image: 'x', ...service } }, ...more };
  const context = { exceptions, stackRoot: '/run/o/stack', files, ownFolders: ['/srv/overseer'] };
  const result = judgeModel(model, context);
  return result.ok ? 'passes' : result.error.detail?.rule;
}

function refusesResolved(rule: PolicyRuleId, ...services: object[]): void {
  for (const service of services) expect(resolved(service), JSON.stringify(service)).toBe(rule);
}

const sign = (rule: string, value: string, service: string | null = 'web'): RuleAside[] => [{ rule, service, value }];

/** An exception for exactly this value passes both gates; another value, another service and no exception do not. */
function isExcepted(rule: PolicyRuleId, value: string, line: string, service: object): void {
  refusesKeys(rule, line);
  refusesResolved(rule, service);
  for (const signed of [sign(rule, value), sign(rule, value, null)]) {
    expect(judgeCompose(inService(line), { files, secrets: [], exceptions: signed }).ok, line).toBe(true);
    expect(resolved(service, signed)).toBe('passes');
  }
  refuses(rule, [inService(line)], sign(rule, value, 'db'));
  expect(resolved(service, sign(rule, value, 'db'))).toBe(rule);
  expect(resolved(service, sign(rule, `${value}0`))).toBe(rule);
}

/** No exception lifts it, whatever it names. */
function isNeverExcepted(rule: PolicyRuleId, line: string, value: string): void {
  expect(POLICY_RULES[rule].exception).toBeNull();
  refuses(rule, [inService(line)], [...sign(rule, value), ...sign(rule, value, null)]);
}

test('unknown-key: wherever it stands, also the names that JavaScript objects have by themselves', () => {
  refusesKeys('unknown-key', 'imge: nginx', '__proto__: {privileged: true}', 'constructor: 1');
  refusesKeys('unknown-key', 'healthcheck: {tset: x}', 'env_file: [{path: app.env, evil: 1}]');
  refusesKeys('unknown-key', 'volumes: [{type: volume, source: d, target: /x, volume: {}, evil: 1}]');
  refusesTop('unknown-key', 'unknown: 1');
  refusesResolved('unknown-key', { never_heard_of: 1 });
});

test('include: neither a file nor a repository', () => {
  refusesTop('include', 'include: [other.yaml]', 'include: ["https://git.example/x.git"]');
});

test('extends: no other file, here or elsewhere', () => {
  refusesKeys('extends', 'extends: {file: other.yaml, service: x}');
  refusesKeys('extends', 'extends: {file: "https://x.example/c.yaml", service: x}');
});

test('build: neither from here nor from a repository, nor anew on a change', () => {
  refusesKeys('build', 'build: .', 'build: {context: "https://git.example/x.git"}', 'develop: {watch: []}');
  refusesResolved('build', { build: { context: '.' } });
});

test('provider: no program of the node, no model', () => {
  refusesKeys('provider', 'provider: {type: sh}');
  refusesTop('provider', 'models: {m: {model: x}}');
});

test('api-socket: not by its own key, and no credential of the host', () => {
  refusesKeys('api-socket', 'use_api_socket: true', 'credential_spec: {file: x}');
});

test('hooks: after the start, before the stop', () => {
  refusesKeys('hooks', 'post_start: [{command: id}]', 'pre_stop: [{command: id}]');
});

test('outside-path: every key that reads a file', () => {
  refusesKeys('outside-path', 'env_file: /etc/shadow', 'env_file: ../x.env', 'env_file: missing.env');
  refusesKeys('outside-path', 'env_file: [{path: /etc/shadow}]', 'label_file: /etc/shadow');
  refusesKeys('outside-path', 'volumes: ["../other:/x"]', 'volumes: ["./not-signed:/x"]');
  refusesKeys('outside-path', 'volumes: [{type: bind, source: ., target: /x}]');
  refusesTop('outside-path', 'configs: {c: {file: /etc/shadow}}', 'configs: {c: {file: "../../x"}}');
  refusesResolved('outside-path', { volumes: [{ type: 'bind', source: '/run/o/stack/not-signed', target: '/x' }] });
});

test('environment-source: a config out of a variable of the node', () => {
  refusesTop('environment-source', 'configs: {c: {environment: HOME}}');
});

test('plain-secret: a secret that the app does not have sealed', () => {
  refusesTop('plain-secret', 'secrets: {other: {file: ./x}}');
});

test('external-volume: by name, and configs alike', () => {
  refusesTop('external-volume', 'volumes: {d: {external: true}}', 'configs: {c: {external: true}}');
  expect(resolved({}, [], { volumes: { d: { external: true } } })).toBe('external-volume');
});

test('external-network: by name', () => {
  refusesTop('external-network', 'networks: {n: {external: true}}');
  expect(resolved({}, [], { networks: { n: { external: true } } })).toBe('external-network');
});

test('volume-driver: neither another driver nor options of the local one', () => {
  refusesTop('volume-driver', 'volumes: {d: {driver_opts: {type: none, o: bind, device: /etc}}}');
  refusesTop('volume-driver', 'volumes: {d: {driver: sshfs}}');
  expect(resolved({}, [], { volumes: { d: { driver_opts: { device: '/' } } } })).toBe('volume-driver');
});

test('network-driver: nothing but a bridge without options', () => {
  refusesTop('network-driver', 'networks: {n: {driver: macvlan}}', 'networks: {n: {driver: host}}');
  refusesTop('network-driver', 'networks: {n: {driver_opts: {parent: eth0}}}');
  refusesKeys('network-driver', 'networks: {default: {driver_opts: {x: y}}}');
  expect(resolved({}, [], { networks: { n: { driver: 'macvlan' } } })).toBe('network-driver');
});

test('network-address: of a network, a service or a card', () => {
  refusesTop('network-address', 'networks: {n: {ipam: {config: [{subnet: 192.168.1.0/24}]}}}');
  refusesKeys('network-address', 'networks: {default: {ipv4_address: 10.0.0.9}}', 'mac_address: "02:42:ac:11:00:01"');
  refusesResolved('network-address', { networks: { default: { ipv4_address: '10.0.0.1' } } });
  expect(resolved({}, [], { networks: { n: { ipam: { config: [{}] } } } })).toBe('network-address');
});

test('container-name: whatever it is', () => {
  refusesKeys('container-name', 'container_name: nginx');
});

test('host-network: only by its exception', () => {
  isExcepted('host-network', 'host', 'network_mode: host', { network_mode: 'host' });
});

test('network-mode: neither a container nor a namespace by its path', () => {
  refusesKeys('network-mode', 'network_mode: container:db', 'network_mode: ns:/proc/1/ns/net');
  refusesResolved('network-mode', { network_mode: 'container:x' });
});

test('privileged: as any word that means it, by a variable, and by a capability that amounts to it', () => {
  refusesKeys('privileged', 'privileged: true', 'privileged: "true"', 'privileged: yes', `privileged: ${variable}`);
  refusesKeys('privileged', 'cap_add: [SYS_ADMIN]', 'cap_add: [CAP_SYS_MODULE]', 'cap_add: [all]');
  refusesResolved('privileged', { privileged: true }, { cap_add: ['ALL'] }, { cap_add: ['CAP_SYS_ADMIN'] });
  isNeverExcepted('privileged', 'privileged: true', 'true');
  expect(resolved({ cap_add: ['ALL'] }, [...sign('capability', 'ALL'), ...sign('privileged', 'ALL')])).toBe(
    'privileged',
  );
});

test('host-namespace: processes, memory, names, users, groups, and kernel settings that are nobody’s own', () => {
  refusesKeys('host-namespace', 'pid: host', 'ipc: host', 'uts: host', 'userns_mode: host', 'cgroup: host');
  refusesKeys('host-namespace', 'sysctls: {kernel.shmmax: 1}', 'sysctls: ["kernel.shmmax=1"]');
  refusesResolved('host-namespace', { pid: 'host' }, { sysctls: { 'kernel.shmmax': '1' } });
});

test('device: only by its exception, with its name inside and its rights', () => {
  const kvm = { devices: [{ source: '/dev/kvm', target: '/dev/kvm', permissions: 'rwm' }] };
  isExcepted('device', '/dev/kvm:/dev/kvm:rwm', 'devices: ["/dev/kvm"]', kvm);
});

test('device-rule: classes of devices, by three keys', () => {
  refusesKeys('device-rule', 'gpus: all', 'device_cgroup_rules: ["c 1:3 mr"]');
  refusesKeys('device-rule', 'deploy: {resources: {reservations: {devices: [{driver: nvidia}]}}}');
  refusesResolved('device-rule', { deploy: { resources: { reservations: { devices: [{ driver: 'nvidia' }] } } } });
});

test('capability: only by its exception, in any spelling', () => {
  isExcepted('capability', 'NET_ADMIN', 'cap_add: [net_admin]', { cap_add: ['CAP_NET_ADMIN'] });
});

test('security-option: nothing that weakens', () => {
  refusesKeys('security-option', 'security_opt: [seccomp=unconfined]', 'security_opt: [apparmor:unconfined]');
  refusesResolved('security-option', { security_opt: ['label:disable'] });
});

test('cgroup-parent: whatever it is', () => {
  refusesKeys('cgroup-parent', 'cgroup_parent: /');
});

test('sysctl: only by its exception, of the app’s own network stack', () => {
  const forward = { sysctls: { 'net.ipv4.ip_forward': '1' } };
  isExcepted('sysctl', 'net.ipv4.ip_forward=1', 'sysctls: {net.ipv4.ip_forward: 1}', forward);
  refusesKeys('sysctl', 'sysctls: ["net.core.somaxconn=1"]');
});

test('runtime: no other one', () => {
  refusesKeys('runtime', 'runtime: sysbox', 'isolation: hyperv', 'storage_opt: {size: 1G}');
});

test('host-folder: only by its exception, with its place inside and whether it can be written', () => {
  const media = (more: object) => ({ volumes: [{ type: 'bind', source: '/srv/media', target: '/media', ...more }] });
  isExcepted('host-folder', '/srv/media:/media:ro', 'volumes: ["/srv/media:/media:ro"]', media({ read_only: true }));
  isExcepted('host-folder', '/srv/media:/media:rw', 'volumes: ["/srv/media:/media"]', media({}));
  expect(resolved(media({}), sign('host-folder', '/srv/media:/media:ro'))).toBe('host-folder');
});

test('host-system: whatever is signed, what rules the node is not given away', () => {
  refusesKeys('host-system', 'volumes: ["/:/host:ro"]', 'volumes: ["/etc/passwd:/p"]', 'volumes: ["/srv/../etc:/p"]');
  refusesKeys('host-system', 'volumes: ["/var/run/docker.sock:/var/run/docker.sock"]', 'volumes: ["~/x:/x"]');
  refusesKeys('host-system', 'volumes: [{type: bind, source: /proc, target: /x}]');
  const bind = (source: string) => ({ volumes: [{ type: 'bind', source, target: '/x' }] });
  refusesResolved('host-system', bind('/var/run/docker.sock'), bind('/srv/overseer/files'), bind('/etc/localtime'));
  refusesResolved('host-system', bind('/run/o/stack-other'));
  isNeverExcepted('host-system', 'volumes: ["/etc:/x"]', '/etc:/x:rw');
  refuses('host-system', [inService('volumes: ["/etc:/x"]')], sign('host-folder', '/etc:/x:rw'));
});

test('mount-type: images, pipes and clusters', () => {
  refusesKeys('mount-type', 'volumes: [{type: npipe, source: x, target: /x}]');
  refusesKeys('mount-type', 'volumes: [{type: image, source: x, target: /x}]');
  refusesResolved('mount-type', { volumes: [{ type: 'cluster', source: 'x', target: '/x' }] });
});

test('mount-propagation: in the short and in the long way of writing', () => {
  refusesKeys('mount-propagation', 'volumes: ["d:/x:shared"]', 'volumes: ["./conf:/x:ro,rslave"]');
  refusesKeys('mount-propagation', 'volumes: [{type: bind, source: ./conf, target: /x, bind: {propagation: shared}}]');
});

test('volumes-from: of this file or of another container', () => {
  refusesKeys('volumes-from', 'volumes_from: [db]', 'volumes_from: ["container:other"]');
});

test('publish-port: only by its exception', () => {
  const port = { ports: [{ target: 80, published: '8080', protocol: 'tcp', mode: 'ingress' }] };
  isExcepted('publish-port', '8080:80/tcp', 'ports: ["8080:80"]', port);
  isExcepted('publish-port', '8080:80/tcp', 'ports: [{target: 80, published: 8080}]', port);
});

test('external-link: to a container that is not the app’s', () => {
  refusesKeys('external-link', 'external_links: [other]');
});

test('label: ours and Compose’s, in any case and both ways of writing', () => {
  refusesKeys('label', 'labels: {com.docker.compose.project: other}', 'labels: ["dev.overseer.fleet=x"]');
  refusesKeys('label', 'labels: ["DEV.OVERSEER.app=x"]', 'deploy: {labels: {dev.overseer.app: x}}');
  refusesResolved('label', { labels: { 'com.docker.compose.project': 'x' } });
});

test('logging-driver: what sends the log away', () => {
  refusesKeys('logging-driver', 'logging: {driver: syslog, options: {syslog-address: "tcp://x"}}');
  refusesResolved('logging-driver', { logging: { driver: 'gelf' } });
});

test('tag: on any value', () => {
  refuses('tag', ['services:\n  web: {image: x, ports: !reset []}\n', inService('tty: !!binary aGk=')]);
  refuses('tag', [inService('environment: {A: !override }'), inService('!x init: true'), atTop('x-a: !!set {a}')]);
});

test('variable: where the file is named before variables are put in', () => {
  refusesKeys('variable', `env_file: "${variable}/x"`);
  refusesTop('variable', `configs: {c: {file: "${variable}"}}`);
});

test('no-image: none, an empty one, no services at all', () => {
  refuses('no-image', ['services:\n  web: {init: true}\n', 'services:\n  web: {image: ""}\n', 'services: {}\n']);
  refusesResolved('no-image', { image: '' });
});
