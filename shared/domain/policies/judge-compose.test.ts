import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMPOSE_MAX_BYTES, judgeCompose, type RuleAside } from './index.ts';

const context = {
  files: ['nginx.conf', 'conf/a.conf', 'app.env'],
  secrets: ['db'],
  exceptions: [] as RuleAside[],
};
const judge = (text: string, exceptions: RuleAside[] = []) => judgeCompose(text, { ...context, exceptions });

function refusal(text: string, exceptions: RuleAside[] = []) {
  const result = judge(text, exceptions);
  if (result.ok) throw new Error(`was let through: ${text}`);
  return result.error;
}

/** A service with one more line, which begins at line 4, column 5. */
const service = (line: string) => `services:\n  web:\n    image: nginx:1\n    ${line}\n`;
const top = (text: string) => `services:\n  web:\n    image: nginx:1\n${text}\n`;

describe('gate 1, the raw text', () => {
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
    expect(fault.next).toContain('`overseer exceptions add APP publish-port 80:8080/tcp --service web --reason TEXT`');
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
