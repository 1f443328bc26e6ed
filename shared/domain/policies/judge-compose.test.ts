import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SignedException } from '../apps/index.ts';
import { COMPOSE_MAX_BYTES, judgeCompose } from './index.ts';

const context = {
  files: ['nginx.conf', 'conf/a.conf', 'app.env'],
  secrets: ['db'],
  exceptions: [] as SignedException[],
};
const judge = (text: string, exceptions: SignedException[] = []) => judgeCompose(text, { ...context, exceptions });

function refusal(text: string, exceptions: SignedException[] = []) {
  const result = judge(text, exceptions);
  if (result.ok) throw new Error(`was let through: ${text}`);
  return result.error;
}

/** A service with one more line, which begins at line 4, column 5. */
const service = (line: string) => `services:\n  web:\n    image: nginx:1\n    ${line}\n`;
const top = (text: string) => `services:\n  web:\n    image: nginx:1\n${text}\n`;

const refusedInService: [line: string, rule: string, path?: string][] = [
  ['privileged: true', 'privileged'],
  ['privileged: "true"', 'privileged'],
  ['privileged: yes', 'privileged'],
  [`privileged: ${'$'}{P}`, 'privileged'],
  ['build: .', 'build'],
  ['build: {context: "https://git.example/x.git"}', 'build'],
  ['develop: {watch: []}', 'build'],
  ['provider: {type: sh}', 'provider'],
  ['use_api_socket: true', 'api-socket'],
  ['post_start: [{command: id}]', 'hooks'],
  ['pre_stop: [{command: id}]', 'hooks'],
  ['container_name: nginx', 'container-name'],
  ['network_mode: host', 'host-network'],
  ['network_mode: container:db', 'network-mode'],
  ['network_mode: ns:/proc/1/ns/net', 'network-mode'],
  ['pid: host', 'host-namespace'],
  ['ipc: host', 'host-namespace'],
  ['uts: host', 'host-namespace'],
  ['userns_mode: host', 'host-namespace'],
  ['cgroup: host', 'host-namespace'],
  ['cgroup_parent: /', 'cgroup-parent'],
  ['devices: ["/dev/kmsg"]', 'device', 'services.web.devices[0]'],
  ['gpus: all', 'device-rule'],
  ['device_cgroup_rules: ["c 1:3 mr"]', 'device-rule'],
  ['deploy: {resources: {reservations: {devices: [{driver: nvidia}]}}}', 'device-rule'],
  ['cap_add: [SYS_ADMIN]', 'capability', 'services.web.cap_add[0]'],
  ['security_opt: [seccomp=unconfined]', 'security-option'],
  ['security_opt: [apparmor:unconfined]', 'security-option'],
  ['sysctls: {net.core.somaxconn: 1}', 'sysctl'],
  ['runtime: sysbox', 'runtime'],
  ['volumes_from: [db]', 'volumes-from'],
  ['volumes_from: ["container:other"]', 'volumes-from'],
  ['external_links: [other]', 'external-link'],
  ['volumes: ["/srv/media:/media"]', 'host-folder', 'services.web.volumes[0]'],
  ['volumes: ["~/x:/x"]', 'host-system'],
  ['volumes: ["/var/run/docker.sock:/var/run/docker.sock"]', 'host-system'],
  ['volumes: ["/:/host:ro"]', 'host-system'],
  ['volumes: ["/etc/passwd:/p"]', 'host-system'],
  ['volumes: ["/srv/../etc:/p"]', 'host-system'],
  ['volumes: ["../other:/x"]', 'outside-path'],
  ['volumes: ["./not-signed:/x"]', 'outside-path'],
  ['volumes: [{type: bind, source: /proc, target: /x}]', 'host-system'],
  ['volumes: [{type: bind, source: ., target: /x}]', 'outside-path'],
  ['volumes: [{type: npipe, source: x, target: /x}]', 'mount-type'],
  ['volumes: [{type: image, source: x, target: /x}]', 'mount-type'],
  ['volumes: [{type: volume, source: d, target: /x, volume: {}, evil: 1}]', 'unknown-key'],
  ['volumes: ["d:/x:shared"]', 'mount-propagation'],
  ['volumes: [{type: bind, source: ./conf, target: /x, bind: {propagation: shared}}]', 'mount-propagation'],
  ['ports: ["8080:80"]', 'publish-port', 'services.web.ports[0]'],
  ['ports: [{target: 80, published: 8080}]', 'publish-port', 'services.web.ports[0]'],
  ['env_file: /etc/shadow', 'outside-path'],
  ['env_file: ../x.env', 'outside-path'],
  ['env_file: missing.env', 'outside-path'],
  [`env_file: "${'$'}{HOME}/x"`, 'variable'],
  ['env_file: [{path: /etc/shadow}]', 'outside-path'],
  ['label_file: /etc/shadow', 'outside-path'],
  ['extends: {file: other.yaml, service: x}', 'extends'],
  ['extends: {file: "https://x.example/c.yaml", service: x}', 'extends'],
  ['labels: {com.docker.compose.project: other}', 'label'],
  ['labels: ["dev.overseer.fleet=x"]', 'label'],
  ['labels: ["DEV.OVERSEER.app=x"]', 'label'],
  ['logging: {driver: syslog, options: {syslog-address: "tcp://x"}}', 'logging-driver'],
  ['networks: {default: {ipv4_address: 10.0.0.9}}', 'network-address'],
  ['networks: {default: {driver_opts: {x: y}}}', 'network-driver'],
  ['mac_address: "02:42:ac:11:00:01"', 'network-address'],
  ['credential_spec: {file: x}', 'api-socket'],
  ['imge: nginx', 'unknown-key'],
  ['healthcheck: {tset: x}', 'unknown-key'],
  ['__proto__: {privileged: true}', 'unknown-key'],
  ['constructor: 1', 'unknown-key'],
];

const refusedAtTop: [text: string, rule: string][] = [
  ['include: [other.yaml]', 'include'],
  ['include: ["https://git.example/x.git"]', 'include'],
  ['models: {m: {model: x}}', 'provider'],
  ['volumes: {d: {external: true}}', 'external-volume'],
  ['volumes: {d: {driver_opts: {type: none, o: bind, device: /etc}}}', 'volume-driver'],
  ['volumes: {d: {driver: sshfs}}', 'volume-driver'],
  ['networks: {n: {external: true}}', 'external-network'],
  ['networks: {n: {driver: macvlan}}', 'network-driver'],
  ['networks: {n: {driver: host}}', 'network-driver'],
  ['networks: {n: {driver_opts: {parent: eth0}}}', 'network-driver'],
  ['networks: {n: {ipam: {config: [{subnet: 192.168.1.0/24}]}}}', 'network-address'],
  ['configs: {c: {file: /etc/shadow}}', 'outside-path'],
  ['configs: {c: {file: "../../x"}}', 'outside-path'],
  ['configs: {c: {environment: HOME}}', 'environment-source'],
  ['configs: {c: {external: true}}', 'external-volume'],
  ['secrets: {other: {file: ./x}}', 'plain-secret'],
  ['unknown: 1', 'unknown-key'],
];

describe('gate 1, the raw text', () => {
  test.each(refusedInService)('refuses %s by rule %s', (line, rule, path) => {
    const fault = refusal(service(line));
    expect(fault).toMatchObject({ code: 'gate.refused', detail: { rule, line: '4' } });
    expect(Number(fault.detail?.column)).toBeGreaterThanOrEqual(5);
    if (path) expect(fault.field).toBe(path);
    expect(fault.next).not.toBe('');
  });

  test.each(refusedAtTop)('refuses %s at the top by rule %s', (text, rule) => {
    expect(refusal(top(text)).detail).toMatchObject({ rule, line: '4' });
  });

  test('names line and column of the value, and the exception that could be signed', () => {
    const fault = refusal('services:\n  web:\n    image: x\n    ports:\n      - "80:8080"\n      - 53:53/udp\n');
    expect(fault.detail).toMatchObject({
      line: '5',
      column: '9',
      value: '80:8080/tcp',
      exception: 'possible',
      count: '2',
    });
    expect(fault.message).toContain('services.web.ports[0] (line 5, column 9)');
    expect(fault.next).toContain('rule publish-port, service web, value 80:8080/tcp');
  });

  test.each([
    [
      'an anchor that hides a field',
      'x-a: &a {privileged: true}\nservices:\n  web: {<<: *a, image: x}\n',
      'privileged',
    ],
    ['a merge list', 'x-a: &a {pid: host}\nservices:\n  web: {<<: [*a], image: x}\n', 'host-namespace'],
    [
      'a merge that a key overrides',
      'x-a: &a {privileged: true}\nservices:\n  web: {<<: *a, image: x, privileged: false}\n',
      'privileged',
    ],
    ['an alias as value', 'x-a: &a true\nservices:\n  web: {image: x, privileged: *a}\n', 'privileged'],
    ['a service by alias', 'services:\n  a: &a {image: x, ipc: host}\n  b: *a\n', 'host-namespace'],
    ['a tag', 'services:\n  web: {image: x, ports: !reset []}\n', 'tag'],
    ['CRLF and a byte order mark', '\uFEFFservices:\r\n  web:\r\n    image: x\r\n    pid: host\r\n', 'host-namespace'],
  ])('sees through %s', (_, text, rule) => {
    const result = judge(text);
    expect(result.ok).toBe(false);
    if (!result.ok)
      expect(result.error.detail?.rule ?? result.error.code).toMatch(new RegExp(`${rule}|compose.invalid`));
  });

  test.each([
    ['duplicate keys', 'services:\n  web:\n    image: x\n    image: y\n', 'compose.invalid'],
    ['a hundred thousand brackets', `a: ${'['.repeat(100_000)}`, 'compose.too-deep'],
    ['compact nesting', `a:\n${'- '.repeat(20_000)}x`, 'compose.too-deep'],
    [
      'deep block nesting',
      Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}k:`).join('\n'),
      'compose.too-deep',
    ],
    ['a text too large', `# ${'x'.repeat(COMPOSE_MAX_BYTES)}`, 'compose.too-large'],
    ['a NUL', 'services:\0', 'compose.invalid'],
    ['no mapping', '- a', 'compose.invalid'],
    ['broken YAML', 'services:\n  web: [', 'compose.invalid'],
    ['nothing', '', 'compose.invalid'],
  ])('refuses %s before it is judged', (_, text, code) => {
    const started = performance.now();
    expect(refusal(text)).toMatchObject({ code });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('an alias bomb costs no time', () => {
    const levels = Array.from({ length: 9 }, (_, at) => `l${at + 1}: &l${at + 1} [${Array(9).fill(`*l${at}`).join()}]`);
    const started = performance.now();
    expect(judge(`l0: &l0 [x]\n${levels.join('\n')}\nservices: *l9\n`).ok).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test.each([
    ['a plain app', service('restart: unless-stopped')],
    ['name and version', `name: mine\nversion: "3"\n${service('init: true')}`],
    [
      'signed files',
      service('volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro", "./conf:/c", "data:/d", "/anonymous"]'),
    ],
    ['an env_file of the stack', service('env_file: [app.env, {path: ./app.env, required: true}]')],
    ['sealed secrets', `${service('secrets: [db]')}secrets:\n  db: {file: ./secrets/db}\n`],
    ['no-new-privileges', service('security_opt: ["no-new-privileges:true"]')],
    ['privileged: false', service('privileged: false')],
    ['a network of its own', `${service('networks: [back]')}networks:\n  back: {internal: true}\n`],
    ['configs', `${service('configs: [c]')}configs:\n  c: {content: hello}\n  d: {file: ./nginx.conf}\n`],
    ['extension fields', `x-common: &c {restart: always}\n${service('<<: *c')}`],
    ['limits', service('deploy: {replicas: 2, resources: {limits: {cpus: "0.5", memory: 1G, pids: 10}}}')],
    ['service network', service('network_mode: "service:db"')],
    ['extends in this file', service('extends: {service: base}')],
  ])('lets %s through', (_, text) => {
    expect(judge(text)).toEqual({ ok: true, value: undefined });
  });

  test('a signed exception opens its rule for its service only, and rules without one never', () => {
    const signed = (rule: string, name: string | null, value: string) => [{ rule, service: name, value, reason: 'r' }];
    expect(judge(service('ports: ["80:80"]'), signed('publish-port', 'web', '80:80/tcp')).ok).toBe(true);
    expect(judge(service('ports: ["80:80"]'), signed('publish-port', null, '80:80/tcp')).ok).toBe(true);
    expect(judge(service('ports: ["80:80"]'), signed('publish-port', 'db', '80:80/tcp')).ok).toBe(false);
    expect(judge(service('privileged: true'), signed('privileged', 'web', 'true')).ok).toBe(false);
    expect(judge(service('volumes: ["/etc:/x"]'), signed('host-folder', 'web', '/etc:/x:rw')).ok).toBe(false);
    expect(judge(service('volumes: ["/srv/m:/x"]'), signed('host-folder', 'web', '/srv/m:/x:rw')).ok).toBe(true);
  });

  test('whatever the text is, the judge answers with a value', () => {
    const piece = fc.constantFrom(
      'services:',
      '\n',
      '  ',
      'web:',
      ' ',
      '[',
      '{',
      '}',
      ']',
      '&a',
      '*a',
      '<<: ',
      '- ',
      'image: x',
      '"',
      "'",
      '|',
      '>',
      '!!str',
      '#',
      ':',
      '?',
      '%',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(typeof judge(pieces.join('')).ok).toBe('boolean');
      }),
    );
  });

  test('an unknown key is refused wherever it stands', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-w][a-z_]{3,12}zz$/), (key) => {
        expect(refusal(service(`${key}: 1`)).detail?.rule).toBe('unknown-key');
        expect(refusal(top(`${key}: 1`)).detail?.rule).toBe('unknown-key');
      }),
    );
  });
});
