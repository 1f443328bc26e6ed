import type { AppRow, CallInput, NodeRow, RouteRow } from '#shared/contracts/ipc/index.ts';
import { type AppNameProblem, checkAppName, suggestAppName } from './app-name.ts';
import { type HostnameVerdict, judgeHostname, suggestHostnames, type TakenName } from './hostname-choice.ts';

/** What a person has chosen so far; null where nobody chose yet and a suggestion stands. */
export interface TargetChoice {
  readonly nodeId: string | null;
  readonly name: string | null;
  readonly isPublic: boolean | null;
  readonly hostname: string | null;
  readonly address: string;
}

export const nothingChosen: TargetChoice = { nodeId: null, name: null, isPublic: null, hostname: null, address: '' };

/** What the fleet says about it. */
export interface TargetWorld {
  readonly nodes: readonly NodeRow[];
  readonly apps: readonly AppRow[];
  readonly routes: readonly RouteRow[];
  /** Id of the catalogue's entry, name of the file. */
  readonly suggestFrom: string;
  readonly mayBePublic: boolean;
  /** The app's own draft from a moment ago: its name is no other's. */
  readonly draftId: string | null;
}

/** Where and under which names a new app goes: chosen or suggested, with what is wrong about it. */
export interface Target {
  readonly node: NodeRow | undefined;
  readonly name: string;
  readonly nameProblem: AppNameProblem;
  readonly isPublic: boolean;
  readonly hostname: string;
  readonly verdict: HostnameVerdict;
  readonly suggestions: readonly string[];
  /** A connector takes every name that its token reaches. */
  readonly isAnyZoneKept: boolean;
  /** The ingress names no address and the person has to. */
  readonly needsAddress: boolean;
  readonly isComplete: boolean;
}

/** Fills the gaps of a choice with suggestions and judges the whole. */
export function decideTarget(choice: TargetChoice, world: TargetWorld): Target {
  const { nodes, apps, routes, suggestFrom, mayBePublic, draftId } = world;
  const node = nodes.find(({ id }) => id === choice.nodeId) ?? (nodes.length === 1 ? nodes[0] : undefined);
  const takenNames = new Set(apps.filter(({ id }) => id !== draftId).map(({ name }) => name));
  const name = choice.name ?? suggestAppName(suggestFrom, takenNames);
  const taken: TakenName[] = routes.filter(({ appId }) => appId !== draftId);
  const connectors = nodes.flatMap((one) => one.connectors);
  const zones = connectors.flatMap((connector) => connector.zones);
  const suggestions = suggestHostnames(name, zones, taken);
  const isPublic = mayBePublic && (choice.isPublic ?? node?.ingress !== null);
  const hostname = choice.hostname ?? suggestions[0] ?? '';
  const verdict = judgeHostname(hostname, taken, zones);
  const nameProblem = checkAppName(name, takenNames);
  const needsAddress =
    isPublic && node !== undefined && node.ingress !== null && node.ingress.publicAddresses.length === 0;
  return {
    node,
    name,
    nameProblem,
    isPublic,
    hostname,
    verdict,
    suggestions: suggestions.filter((one) => one !== hostname),
    isAnyZoneKept: connectors.some((connector) => connector.zones.length === 0),
    needsAddress,
    isComplete: node !== undefined && nameProblem === null && (!isPublic || verdict.kind === 'free'),
  };
}

/** The route to ask for; undefined without a public name. Where the ingress has no certificates, neither has the route. */
export function routeOf(
  target: Target,
  choice: TargetChoice,
  to: { readonly service?: string; readonly port?: number } = {},
): CallInput<'createApp'>['route'] {
  if (!target.isPublic || target.verdict.kind !== 'free') return undefined;
  const address = choice.address.trim();
  return {
    hostname: target.verdict.hostname,
    ...to,
    ...(target.node?.ingress?.acme === null && { tls: 'off' as const }),
    ...(address !== '' && { address }),
  };
}
