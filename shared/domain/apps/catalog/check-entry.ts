import { isMap, isSeq, type YAMLMap } from 'yaml';
import { parseComposeOutline } from '../compose-outline.ts';
import type { CatalogApp } from './app-schema.ts';
import { composeSecretUses, composeServices, composeVariables, readCompose } from './compose-secrets.ts';
import { secretBits } from './generate-secret.ts';
import { readValue } from './inputs.ts';
import type { CatalogEntry } from './render.ts';
import { templateNames } from './template.ts';

const FEWEST_BITS = 95;

/** What is wrong with an entry as a whole, one line each; empty when app.yaml and compose.yaml fit together. */
export function checkCatalogEntry({ app, compose, icon }: CatalogEntry): string[] {
  const outline = parseComposeOutline(compose);
  if (!outline.ok) return [outline.error.message];
  const services = new Set(outline.value.services.map((service) => service.name));
  const document = readCompose(compose);
  const asMap = document.toJS() as { secrets?: Record<string, { file?: string }>; volumes?: Record<string, unknown> };
  return [
    ...outline.value.services.flatMap((service) => checkImage(service.name, service.image)),
    ...composeServices(document).flatMap(([name, map]) => checkService(name, map)),
    ...checkNames(app, services),
    ...checkInputs(app),
    ...checkVariables(app, compose),
    ...checkSecrets(
      app,
      composeSecretUses(document).map((use) => use.secret),
      asMap.secrets ?? {},
    ),
    ...checkVolumes(app, Object.keys(asMap.volumes ?? {})),
    ...checkIcon(icon),
  ];
}

function checkImage(service: string, image: string | null): string[] {
  if (image === null) return [`compose.yaml: service ${service} has no image`];
  const tag = /[^/]:([^/:@]+)(@|$)/.exec(image)?.[1];
  return tag === undefined || tag === 'latest' ? [`compose.yaml: image ${image} needs a tag that is not latest`] : [];
}

function checkService(name: string, map: YAMLMap): string[] {
  const problems: string[] = [];
  if (!isMap(map.get('healthcheck', true))) problems.push(`compose.yaml: service ${name} has no healthcheck`);
  if (map.get('restart') !== 'unless-stopped')
    problems.push(`compose.yaml: service ${name} needs restart: unless-stopped`);
  const ports = map.get('ports', true);
  for (const port of isSeq(ports) ? (ports.toJSON() as unknown[]) : [])
    if (typeof port !== 'string' || !port.startsWith('127.0.0.1:'))
      problems.push(
        `compose.yaml: port ${JSON.stringify(port)} of ${name} must be bound to 127.0.0.1 when run by hand`,
      );
  const environment = map.get('environment', true);
  if (environment !== undefined && !isMap(environment))
    problems.push(`compose.yaml: environment of ${name} must be a mapping`);
  return problems;
}

function checkNames(app: CatalogApp, services: ReadonlySet<string>): string[] {
  const named: [string, string][] = [
    ...(app.route ? [['route.service', app.route.service] as [string, string]] : []),
    ...app.publish.map((publish, index): [string, string] => [`publish.${index}.service`, publish.service]),
    ...Object.entries(app.secrets).flatMap(([name, secret]) =>
      secret.env.map((use): [string, string] => [`secrets.${name}.env`, use.service]),
    ),
    ...Object.entries(app.volumes).flatMap(([name, { backup }]): [string, string][] => {
      if (backup.method === 'dump') return [[`volumes.${name}.backup.service`, backup.service]];
      return backup.method === 'copy-stopped'
        ? backup.services.map((service) => [`volumes.${name}.backup.services`, service])
        : [];
    }),
  ];
  const problems = named
    .filter(([, service]) => !services.has(service))
    .map(([field, service]) => `app.yaml, ${field}: compose.yaml has no service ${service}`);
  for (const [index, publish] of app.publish.entries())
    if (app.inputs[publish.input]?.type !== 'integer')
      problems.push(`app.yaml, publish.${index}.input: ${publish.input} is not an integer input`);
  return problems;
}

function checkInputs(app: CatalogApp): string[] {
  return Object.entries(app.inputs).flatMap(([name, input]) => {
    const field = `app.yaml, inputs.${name}`;
    if (Object.hasOwn(app.secrets, name)) return [`${field}: a secret has the same name`];
    if (input.type === 'string' && input.pattern !== undefined && !isPattern(input.pattern))
      return [`${field}.pattern: not a regular expression`];
    if (input.type === 'string' && input.pattern !== undefined && input.hint === undefined)
      return [`${field}.hint: say in words what the pattern wants`];
    if (input.default === undefined) return [];
    const read = readValue(name, input, input.default);
    return read.ok ? [] : [`${field}.default: ${read.error.next}`];
  });
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

/** By hand and under Overseer the same variables must mean the same. */
function checkVariables(app: CatalogApp, compose: string): string[] {
  const asked = composeVariables(compose);
  const problems: string[] = [];
  const given = new Set([...Object.keys(app.route?.environment ?? {})]);
  for (const [name, input] of Object.entries(app.inputs)) {
    if (input.env === undefined) continue;
    given.add(input.env);
    const byHand = asked.get(input.env);
    if (byHand === undefined) problems.push(`app.yaml, inputs.${name}.env: compose.yaml does not use ${input.env}`);
    else if (input.default !== undefined && byHand !== String(input.default))
      problems.push(`compose.yaml: ${input.env} should have the default of app.yaml, ${input.default}`);
  }
  for (const variable of Object.keys(app.route?.environment ?? {}))
    if (!asked.has(variable)) problems.push(`app.yaml, route.environment: compose.yaml does not use ${variable}`);
  const withoutPorts = composeVariables(compose.replaceAll(/^.*127\.0\.0\.1:\$\{\w+:-\d+\}:\d+.*$/gm, ''));
  for (const [variable, byHand] of withoutPorts)
    if (!given.has(variable) && byHand === null)
      problems.push(`compose.yaml: ${variable} has no default and no input of app.yaml gives it`);
  return problems;
}

function checkSecrets(app: CatalogApp, used: string[], declared: Record<string, { file?: string }>): string[] {
  const problems: string[] = [];
  const inTemplates = new Set<string>();
  for (const [name, secret] of Object.entries(app.secrets)) {
    const field = `app.yaml, secrets.${name}`;
    if ('generate' in secret) {
      const bits = secretBits(secret.generate.length, secret.generate.alphabet);
      if (bits < FEWEST_BITS)
        problems.push(
          `${field}.generate: ${Math.floor(bits)} bits are too easy to guess, ${FEWEST_BITS} are the least`,
        );
      continue;
    }
    const names = templateNames(secret.template);
    if (!names) problems.push(`${field}.template: braces must read {{name}}`);
    for (const part of names ?? []) {
      inTemplates.add(part);
      const source = app.secrets[part];
      const input = app.inputs[part];
      if (source && 'template' in source) problems.push(`${field}.template: ${part} is a template itself`);
      else if (!source && !input) problems.push(`${field}.template: there is no secret or input ${part}`);
      else if (input?.type === 'string' && input.pattern === undefined)
        problems.push(`app.yaml, inputs.${part}.pattern: needed, its value is put into ${name}`);
    }
  }
  for (const [name, secret] of Object.entries(app.secrets)) {
    if (!used.includes(name) && secret.env.length === 0 && !inTemplates.has(name))
      problems.push(`app.yaml, secrets.${name}: nothing uses it`);
    if (used.includes(name) && declared[name]?.file !== `./secrets/${name}`)
      problems.push(`compose.yaml: secrets.${name} must read file: ./secrets/${name}`);
  }
  for (const name of new Set([...used, ...Object.keys(declared)]))
    if (!Object.hasOwn(app.secrets, name)) problems.push(`compose.yaml: secret ${name} is not in app.yaml`);
  return problems;
}

function checkVolumes(app: CatalogApp, inCompose: readonly string[]): string[] {
  return [
    ...inCompose
      .filter((name) => !Object.hasOwn(app.volumes, name))
      .map((name) => `app.yaml, volumes: ${name} of compose.yaml is missing`),
    ...Object.keys(app.volumes)
      .filter((name) => !inCompose.includes(name))
      .map((name) => `app.yaml, volumes.${name}: compose.yaml has no such volume`),
  ];
}

/** The icon is shown in the UI: it must be small, scale, and hold nothing that runs or loads. */
function checkIcon(icon: string): string[] {
  const problems: string[] = [];
  if (icon.length > 8_192) problems.push('icon.svg: larger than 8 KiB');
  if (!/^<svg [^>]*viewBox="0 0 64 64"/.test(icon))
    problems.push('icon.svg: must begin with <svg … viewBox="0 0 64 64">');
  if (/<(script|foreignObject|image|iframe|style|a)\b|\son\w+\s*=|(xlink:)?href\s*=|url\((?!#)|<!/i.test(icon))
    problems.push('icon.svg: only shapes and gradients, nothing that runs or loads');
  return problems;
}
