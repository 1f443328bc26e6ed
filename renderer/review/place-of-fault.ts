import { words } from '#renderer/words/index.ts';
import type { Fault } from '#shared/kernel/index.ts';

/** A screen, and what the way there is called. */
export interface FaultPlace {
  readonly href: string;
  readonly label: string;
}

const text = words.review.places;

/** The tab of an app that holds a field of its document. */
const TAB_OF_FIELD: Readonly<Record<string, keyof typeof text.tabs>> = {
  compose: 'compose',
  env: 'environment',
  secrets: 'secrets',
  routes: 'routes',
  hostname: 'routes',
  policies: 'settings',
  exceptions: 'settings',
  node: 'settings',
};

/** The same by the beginning of a code, for faults that name no field. */
const TAB_OF_CODE: Readonly<Record<string, keyof typeof text.tabs>> = {
  compose: 'compose',
  gate: 'compose',
  image: 'compose',
  secret: 'secrets',
  route: 'routes',
};

/** What is wrong for all apps of a node is mended at the node. */
const NEEDS_INGRESS: ReadonlySet<string> = new Set(['route.no-acme', 'dns.no-address']);

/** Verbs whose document is the node's own, not an app's. */
const OF_NODE: ReadonlySet<string> = new Set(['ingress', 'connector', 'opening']);

/**
 * Where the fault of a plan or job is mended. What belongs to a node itself has its form where it was asked for, so it
 * leads nowhere else.
 */
export function placeOfOrder(
  fault: Fault,
  order: { readonly verb: string; readonly appId: string; readonly nodeId: string },
): FaultPlace | undefined {
  return OF_NODE.has(order.verb) ? undefined : placeOfFault(fault, order);
}

/** Where a fault of an app is mended; undefined where no screen can mend it. `nodeId`: the node that it runs on. */
export function placeOfFault(
  fault: Fault,
  { appId, nodeId }: { appId: string; nodeId: string | null },
): FaultPlace | undefined {
  const tab = (name: keyof typeof text.tabs): FaultPlace => ({
    href: `/apps/${appId}/${name}`,
    label: text.goTo(text.tabs[name]),
  });
  const [area = ''] = fault.code.split('.');
  if (fault.code === 'app.clash') return { href: `/apps/${appId}`, label: text.clash };
  if (fault.code === 'app.no-node') return { href: `/apps/${appId}/settings`, label: text.node };
  if (nodeId !== null) {
    if (area === 'ingress' || NEEDS_INGRESS.has(fault.code))
      return { href: `/nodes/${nodeId}?open=ingress`, label: text.ingress };
    // Another name for the app is in the person's hands; the record of somebody else is not.
    if (area === 'dns' && fault.code !== 'dns.foreign-record') return { href: `/nodes/${nodeId}#dns`, label: text.dns };
    if (area === 'certificate') return { href: `/nodes/${nodeId}#ingress`, label: text.ingressOf };
  }
  if (fault.code === 'dns.foreign-record') return tab('routes');
  const field = fault.field?.split(/[./]/)[0] ?? '';
  if (Object.hasOwn(TAB_OF_FIELD, field)) return tab(TAB_OF_FIELD[field] ?? 'compose');
  if (Object.hasOwn(TAB_OF_CODE, area)) return tab(TAB_OF_CODE[area] ?? 'compose');
  return undefined;
}
