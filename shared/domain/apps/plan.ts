import { type Fault, fault, sha256Hex, utf8 } from '#shared/kernel/index.ts';
import { exceptionToText } from '../policies/index.ts';
import { parseComposeOutline } from './compose-outline.ts';
import { planOpening } from './plan-opening.ts';
import type { AppBody, ReleaseBody } from './release-body.ts';

/** What a line of a plan is about. */
export type PlanSubject =
  | 'state'
  | 'stack'
  | 'image'
  | 'env'
  | 'file'
  | 'secret'
  | 'volume'
  | 'route'
  | 'dns'
  | 'certificate'
  | 'exception'
  | 'settings';

/** One change, in words a person can judge. `id` is stable, so that two plans can be compared by line. */
export interface PlanLine {
  readonly id: string;
  readonly subject: PlanSubject;
  readonly change: 'add' | 'change' | 'remove';
  readonly text: string;
}

/** The difference between the last signed release and what is wanted, as a list of changes. */
export interface Plan {
  readonly lines: readonly PlanLine[];
  readonly downtime: { readonly kind: 'none' | 'restart' | 'removed'; readonly text: string };
  /** Reasons why this must not be signed as it is. */
  readonly blocked: readonly Fault[];
  /** Things the person must do by hand, for instance a DNS record. */
  readonly byHand: readonly string[];
}

/** Compares two release bodies. Pure: the same bodies give the same plan on every device. */
export function planRelease(about: { previous: ReleaseBody | null; next: ReleaseBody }): Plan {
  const { previous, next } = about;
  if (previous !== null && previous.kind !== next.kind) {
    return {
      lines: [],
      downtime: { kind: 'none', text: 'nothing changes' },
      blocked: [
        fault(
          'plan.kind-changed',
          'permanent',
          `this was a ${previous.kind} and would become a ${next.kind}`,
          'Make a new app instead.',
        ),
      ],
      byHand: [],
    };
  }
  if (next.kind === 'app') return planApp(previous?.kind === 'app' ? previous : null, next);
  const lines = planSettings(previous, next);
  return { lines, downtime: settingsDowntime(next, previous, lines), blocked: [], byHand: [] };
}

/** What the change set signs, so that what was confirmed is what was signed. */
export function planHash(plan: Plan): string {
  const shown = [
    plan.lines.map(({ id, subject, change, text }) => [id, subject, change, text]),
    plan.downtime.text,
    plan.byHand,
  ];
  return sha256Hex(utf8(JSON.stringify(shown)));
}

function planApp(previous: AppBody | null, next: AppBody): Plan {
  const lines: PlanLine[] = [];
  const from = previous?.state === 'removed' ? null : previous;
  const to = next.state === 'removed' ? null : next;
  if (previous?.state !== next.state)
    lines.push({
      id: 'state',
      subject: 'state',
      change: from === null ? 'add' : to === null ? 'remove' : 'change',
      text: stateText(next),
    });
  if (from && to && from.compose !== to.compose)
    lines.push({ id: 'stack', subject: 'stack', change: 'change', text: composeChange(from.compose, to.compose) });
  compare(
    lines,
    'image',
    entriesOf(from?.images),
    entriesOf(to?.images),
    (service, image) => `${service}: ${image.ref}${image.digest ? '' : ' (the node resolves the digest and keeps it)'}`,
  );
  compare(lines, 'env', entriesOf(from?.env), entriesOf(to?.env), (name, value) => `${name}=${value}`);
  compare(
    lines,
    'file',
    keyed(from?.files, 'path'),
    keyed(to?.files, 'path'),
    (path, file) => `${path} (${file.sha256.slice(0, 12)})`,
  );
  compare(
    lines,
    'secret',
    keyed(from?.secrets, 'name'),
    keyed(to?.secrets, 'name'),
    (name, secret) =>
      `${name}, given to ${secret.uses.map((use) => `${use.service} as ${use.as === 'env' ? use.env : use.path}`).join(', ') || 'no service'}`,
  );
  compare(
    lines,
    'route',
    keyed(from?.routes, 'routeId'),
    keyed(to?.routes, 'routeId'),
    (_, route) => `${route.tls === 'acme' ? 'https' : 'http'}://${route.hostname} to ${route.service}:${route.port}`,
  );
  compare(
    lines,
    'dns',
    keyed(from?.dns, 'routeId'),
    keyed(to?.dns, 'routeId'),
    (_, record) =>
      `${record.name} ${record.type} ${record.content}${record.proxied ? ' (proxied)' : ''}${record.connector ? '' : ' (by hand)'}`,
  );
  compare(
    lines,
    'certificate',
    certificatesOf(from),
    certificatesOf(to),
    (hostname) => `${hostname}, from the ingress’s ACME server`,
  );
  compare(lines, 'exception', exceptionsOf(from), exceptionsOf(to), (_, item) => exceptionToText(item));
  for (const name of volumesOf(to))
    if (!volumesOf(from).includes(name))
      lines.push({
        id: `volume:${name}`,
        subject: 'volume',
        change: 'add',
        text: `${name}, kept until somebody deletes it by name`,
      });
  if (to === null)
    for (const name of next.deleteVolumes)
      lines.push({
        id: `volume:${name}`,
        subject: 'volume',
        change: 'remove',
        text: `${name}: its data is deleted for ever`,
      });
  const byHand = (to?.dns ?? [])
    .filter((record) => record.connector === null)
    .map((record) => `make the DNS record ${record.name} ${record.type} ${record.content}`);
  return { lines, downtime: appDowntime(from, to, lines), blocked: [], byHand };
}

function stateText(body: AppBody): string {
  if (body.state === 'running') return `run ${body.name}`;
  if (body.state === 'stopped') return `stop ${body.name}; routes, records and data stay`;
  return `remove ${body.name}; ${body.deleteVolumes.length === 0 ? 'its volumes stay' : `${body.deleteVolumes.length} volumes are deleted`}`;
}

function compare<T>(
  lines: PlanLine[],
  subject: PlanSubject,
  from: Map<string, T>,
  to: Map<string, T>,
  say: (key: string, value: T) => string,
): void {
  for (const [key, value] of to) {
    const before = from.get(key);
    if (before === undefined) lines.push({ id: `${subject}:${key}`, subject, change: 'add', text: say(key, value) });
    else if (JSON.stringify(before) !== JSON.stringify(value))
      lines.push({
        id: `${subject}:${key}`,
        subject,
        change: 'change',
        text: changeText(subject, say(key, before), say(key, value)),
      });
  }
  for (const [key, value] of from)
    if (!to.has(key)) lines.push({ id: `${subject}:${key}`, subject, change: 'remove', text: say(key, value) });
}

function changeText(subject: PlanSubject, before: string, after: string): string {
  if (before !== after) return `${before} → ${after}`;
  return subject === 'secret'
    ? `${after} (new value; the one before runs until this is deployed)`
    : `${after} (new value)`;
}

function entriesOf<T>(record: Readonly<Record<string, T>> | undefined): Map<string, T> {
  return new Map(Object.entries(record ?? {}));
}

function keyed<K extends string, T extends Record<K, string>>(items: readonly T[] | undefined, key: K): Map<string, T> {
  return new Map((items ?? []).map((item) => [item[key], item]));
}

function certificatesOf(body: AppBody | null): Map<string, string> {
  return new Map(
    (body?.routes ?? []).filter((route) => route.tls === 'acme').map((route) => [route.hostname, route.hostname]),
  );
}

function exceptionsOf(body: AppBody | null): Map<string, AppBody['exceptions'][number]> {
  return new Map((body?.exceptions ?? []).map((item) => [`${item.rule}:${item.service ?? ''}:${item.value}`, item]));
}

function volumesOf(body: AppBody | null): readonly string[] {
  if (!body) return [];
  const outline = parseComposeOutline(body.compose);
  return outline.ok ? outline.value.volumes : [];
}

function composeChange(from: string, to: string): string {
  const before = new Set(from.split('\n'));
  const after = new Set(to.split('\n'));
  const added = to.split('\n').filter((line) => !before.has(line)).length;
  const removed = from.split('\n').filter((line) => !after.has(line)).length;
  return `the Compose file changes: ${added} lines in, ${removed} out`;
}

/** Lines that make Compose start containers anew. */
const RESTARTING: ReadonlySet<PlanSubject> = new Set(['stack', 'image', 'env', 'file', 'secret', 'exception', 'state']);

function appDowntime(from: AppBody | null, to: AppBody | null, lines: readonly PlanLine[]): Plan['downtime'] {
  if (to === null || to.state === 'stopped')
    return from?.state === 'running'
      ? { kind: 'removed', text: 'the app stops serving' }
      : { kind: 'none', text: 'nothing serves now' };
  if (from === null || from.state !== 'running') return { kind: 'none', text: 'nothing serves yet' };
  if (!lines.some((line) => RESTARTING.has(line.subject))) return { kind: 'none', text: 'no container restarts' };
  const outline = parseComposeOutline(to.compose);
  const alone = outline.ok
    ? outline.value.services.filter((service) => service.hasVolumes || service.publishesPorts)
    : [];
  if (outline.ok && alone.length === 0)
    return { kind: 'none', text: 'new containers start beside the old ones, serving does not stop' };
  return {
    kind: 'restart',
    text: `serving stops while ${alone.map((service) => service.name).join(', ') || 'the app'} restarts, as long as it takes to become healthy`,
  };
}

function planSettings(previous: ReleaseBody | null, next: ReleaseBody): PlanLine[] {
  if (next.kind === 'opening') {
    const line = planOpening(previous?.kind === 'opening' ? previous : null, next);
    return line ? [{ id: 'opening', subject: 'settings', ...line }] : [];
  }
  const lines: PlanLine[] = [];
  const flat = (body: ReleaseBody | null) =>
    body === null || body.state === 'removed' ? new Map<string, string>() : flatten(body);
  if (previous?.state !== next.state)
    lines.push({
      id: 'state',
      subject: 'state',
      change: previous === null ? 'add' : 'change',
      text: `${next.name}: ${next.state}`,
    });
  compare(lines, 'settings', flat(previous), flat(next), (key, value) => `${key}: ${value}`);
  return lines;
}

function flatten(body: ReleaseBody): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(body)) {
    if (key === 'v' || key === 'kind' || key === 'name' || key === 'state') continue;
    if (key === 'secrets')
      for (const secret of body.secrets) flat.set(`secret ${secret.name}`, `sealed (${secret.sha256.slice(0, 12)})`);
    else flat.set(key, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return flat;
}

function settingsDowntime(
  next: ReleaseBody,
  previous: ReleaseBody | null,
  lines: readonly PlanLine[],
): Plan['downtime'] {
  if (next.kind !== 'ingress' || previous === null || lines.length === 0)
    return { kind: 'none', text: 'nothing that serves restarts' };
  return { kind: 'restart', text: 'every route of this node is away while Traefik restarts' };
}
