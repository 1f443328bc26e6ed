import { words } from '#renderer/words/index.ts';
import type { AppRow, NodeRow } from '#shared/contracts/ipc/index.ts';

/** What a chosen entry does. */
export type PaletteDeed =
  | { readonly kind: 'go'; readonly path: string }
  | { readonly kind: 'visit'; readonly url: string }
  | { readonly kind: 'restart'; readonly appId: string; readonly name: string }
  | { readonly kind: 'scheme'; readonly scheme: Scheme }
  | {
      readonly kind: 'order';
      readonly verb: 'stop' | 'start' | 'rollback';
      readonly appId: string;
      readonly name: string;
    };

/** The schemes of colours: light, dark, as the system has it. */
export type Scheme = 'light' | 'dark' | 'auto';

export interface PaletteEntry {
  readonly id: string;
  readonly group: 'screens' | 'apps' | 'nodes' | 'actions';
  readonly label: string;
  readonly hint?: string;
  /** Further words that find it. */
  readonly also?: string;
  readonly deed: PaletteDeed;
}

const text = words.app.palette;
/** Of each group: more than that nobody reads, and a letter more narrows it. */
const MOST = 6;

/** The fleet as the palette knows it. */
export interface PaletteFleet {
  readonly apps: readonly AppRow[];
  readonly nodes: readonly NodeRow[];
  readonly screens: readonly PaletteEntry[];
  /** Addresses that exist in this build. */
  readonly has: (path: string) => boolean;
}

/** What fits a query: every word of it stands somewhere in the label. Without one: screens and what is always at hand. */
export function paletteEntries(query: string, fleet: PaletteFleet): PaletteEntry[] {
  const sought = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (label: string) => {
    const low = label.toLowerCase();
    return sought.every((word) => low.includes(word));
  };
  const take = (entries: readonly PaletteEntry[]) =>
    entries.filter(({ label, also = '' }) => fits(`${label} ${also}`)).slice(0, MOST);
  const general = generalActions.filter(({ screen }) => fleet.has(screen));
  if (sought.length === 0) return [...general, ...fleet.screens];

  const apps = fleet.has('/apps/:appId/:tab?') ? fleet.apps : [];
  const named = rankByName(apps, sought);
  return [
    ...take(named.map(appEntry)),
    ...take(named.slice(0, 50).flatMap(appActions)),
    ...(fleet.has('/nodes/:nodeId') ? take(fleet.nodes.map(nodeEntry)) : []),
    ...take(general),
    ...take(schemeActions),
    ...take(fleet.screens),
  ];
}

/** Apps with some word of the query in their name; those that begin with it first. */
function rankByName(apps: readonly AppRow[], sought: readonly string[]): AppRow[] {
  const rank = ({ name }: AppRow) =>
    sought.some((word) => name.startsWith(word)) ? 0 : sought.some((word) => name.includes(word)) ? 1 : 2;
  return apps
    .map((app) => [rank(app), app] as const)
    .filter(([place]) => place < 2)
    .sort(([a], [b]) => a - b)
    .map(([, app]) => app);
}

function appEntry(app: AppRow): PaletteEntry {
  return {
    id: `app ${app.id}`,
    group: 'apps',
    label: app.name,
    hint: [words.review.appStatus[app.status], app.node ? text.onNode(app.node.name) : ''].filter(Boolean).join(' '),
    deed: { kind: 'go', path: `/apps/${app.id}` },
  };
}

function appActions(app: AppRow): PaletteEntry[] {
  const { id, name } = app;
  const at = (rest: string, label: string, deed: PaletteDeed): PaletteEntry => ({
    id: `${rest} ${id}`,
    group: 'actions',
    label,
    deed,
  });
  const order = (verb: 'stop' | 'start' | 'rollback') =>
    at(verb, text[verb](name), { kind: 'order', verb, appId: id, name });
  const tabs = Object.entries(text.tabs).map(([tab, label]) =>
    at(tab, text.appTab(name, label), { kind: 'go', path: `/apps/${id}/${tab}` }),
  );
  const visits = app.urls.map((url) => at(url, words.review.openApp(url), { kind: 'visit', url }));
  const restart = at('restart', text.restart(name), { kind: 'restart', appId: id, name });
  // Its node refuses orders to an app at work.
  const isBusy = app.job !== null || app.waiting;
  const orders =
    app.kind !== 'app' || app.wanted === null || app.wanted === 'removed' || isBusy
      ? []
      : [
          ...(app.wanted === 'running' ? [order('stop'), restart] : [order('start')]),
          ...(app.number > 1 ? [order('rollback')] : []),
        ];
  // Addresses do not hold the app's name: it is put before them so that seeking the app finds them.
  return [...orders, ...visits.map((entry) => ({ ...entry, label: `${name}: ${entry.label}` })), ...tabs];
}

function nodeEntry(node: NodeRow): PaletteEntry {
  return {
    id: `node ${node.id}`,
    group: 'nodes',
    label: node.name,
    hint: words.review.nodeStatus[node.status],
    deed: { kind: 'go', path: `/nodes/${node.id}` },
  };
}

/** What is always at hand, with the screen that it needs. */
const generalActions: readonly (PaletteEntry & { readonly screen: string })[] = [
  { screen: '/catalog', path: '/catalog', label: text.deployNew },
  { screen: '/new', path: '/new', label: text.ownCompose },
  { screen: '/nodes/:nodeId', path: '/nodes/join', label: text.addNode },
  { screen: '/plan', path: '/plan', label: text.seePlan },
].map(({ screen, path, label }) => ({
  id: `do ${path}`,
  group: 'actions',
  label,
  deed: { kind: 'go', path },
  screen,
}));

/** The schemes of colours; there when they are sought. */
const schemeActions = (['light', 'dark', 'auto'] as const).map(
  (scheme): PaletteEntry => ({
    id: `scheme ${scheme}`,
    group: 'actions',
    label: text.theme(words.app.theme[scheme]),
    also: text.themeWords,
    deed: { kind: 'scheme', scheme },
  }),
);
