/**
 * Who may import whom. The order of folders is the architecture (ARCHITECTURE.md); each rule says where to go instead.
 * Read by dependency-cruiser: `npm run check`.
 */
const tests = '\\.test\\.tsx?$';
const pure = '^shared/(kernel|domain|trust|replica|contracts|device)/';

/** A library that may be imported from its own home only. */
function home(library, paths, comment) {
  return {
    name: `one-home-${library.replaceAll(/[^a-z0-9]+/g, '-').replace(/^-/, '')}`,
    comment,
    severity: 'error',
    from: { pathNot: [...paths, tests, '^shared/testing/', '^renderer/dev/', '^e2e/', '^build/'] },
    to: { path: `^node_modules/(@types/)?${library}(/|$)` },
  };
}

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that import each other are one idea in two places: move the shared part into a third file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'This import leads nowhere: check the path and that it carries .ts; packages belong into package.json.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'kernel-imports-nothing',
      comment:
        'shared/kernel stands on nothing of ours and on no library but the hash. What needs more belongs into shared/domain or shared/trust.',
      severity: 'error',
      from: { path: '^shared/kernel/', pathNot: tests },
      to: { pathNot: ['^shared/kernel/', '^node_modules/@noble/hashes/'] },
    },
    {
      name: 'pure-without-node',
      comment:
        'This folder also runs in browsers. Take what you need from Node as a port (an argument) and implement it in shared/node or agent.',
      severity: 'error',
      from: { path: pure, pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-without-edges',
      comment:
        'Pure code never imports an edge. Define a port here and implement it in shared/node, agent, main or renderer.',
      severity: 'error',
      from: { path: pure, pathNot: tests },
      to: { path: '^(shared/(node|testing)|agent|main|preload|renderer|e2e|build)/' },
    },
    {
      name: 'domain-is-the-middle',
      comment:
        'shared/domain knows only the kernel and other contexts. Trust, replica and contracts import the domain, not the other way.',
      severity: 'error',
      from: { path: '^shared/domain/', pathNot: tests },
      to: { path: '^shared/(trust|replica|device|contracts)/' },
    },
    {
      name: 'a-device-stands-on-top',
      comment:
        'shared/device puts trust, replica and contracts together. What they need from it belongs into one of them, or is a port.',
      severity: 'error',
      from: { path: '^shared/(kernel|trust|replica|contracts)/', pathNot: tests },
      to: { path: '^shared/device/' },
    },
    {
      name: 'contexts-by-their-index',
      comment: 'Import another context by its index.ts; if what you need is not exported there, export it there.',
      severity: 'error',
      from: { path: '^shared/domain/([^/]+)/' },
      to: { path: '^shared/domain/[^/]+/', pathNot: ['^shared/domain/$1/', '^shared/domain/[^/]+/index\\.ts$'] },
    },
    {
      name: 'testing-stays-in-tests',
      comment:
        'shared/testing is for tests only. A double that the product needs is not a double: give it a home in the product.',
      severity: 'error',
      from: {
        pathNot: [
          tests,
          '^shared/testing/',
          '^e2e/',
          '^build/',
          '^renderer/dev/',
          '^agent/.*/testing/',
          '\\.suite\\.ts$',
        ],
      },
      to: { path: '^shared/testing/' },
    },
    {
      name: 'core-and-node-apart',
      comment: 'Core and node meet only in shared/contracts. Shared mechanism of the link belongs into agent/link.',
      severity: 'error',
      from: { path: '^agent/core/' },
      to: { path: '^agent/(node|cli|connectors)/' },
    },
    {
      name: 'node-and-core-apart',
      comment: 'Core and node meet only in shared/contracts. Shared mechanism of the link belongs into agent/link.',
      severity: 'error',
      from: { path: '^agent/node/' },
      to: { path: '^agent/(core|cli)/' },
    },
    {
      name: 'cli-is-a-device',
      comment:
        'The CLI speaks to core and node over their contracts, like the desktop does. Only the process entry points in agent/main.ts start them.',
      severity: 'error',
      from: { path: '^agent/cli/' },
      to: { path: '^agent/(core|node|connectors)/' },
    },
    {
      name: 'link-knows-no-side',
      comment: 'agent/link is used by both ends: what only one end needs belongs into agent/core or agent/node.',
      severity: 'error',
      from: { path: '^agent/link/', pathNot: tests },
      to: { path: '^agent/(core|node|cli|connectors)/' },
    },
    {
      name: 'sides-meet-in-contracts',
      comment:
        'Agent, main, preload and renderer meet only in shared/contracts: add the call to shared/contracts/ipc (screens) or shared/contracts/rest (core).',
      severity: 'error',
      from: { path: '^(agent|main|preload|renderer)/' },
      to: { path: '^(agent|main|preload|renderer)/', pathNot: '^$1/' },
    },
    {
      name: 'preload-only-exposes',
      comment:
        'The preload scripts expose the bridge and draw prompts, nothing else: only shared/contracts/ipc is open to them. Work belongs into main/.',
      severity: 'error',
      from: { path: '^preload/', pathNot: tests },
      to: { path: '^shared/', pathNot: '^shared/contracts/ipc/' },
    },
    {
      name: 'features-are-islands',
      comment:
        'A feature never imports another. What both show belongs into renderer/ui, what both say into renderer/words, what both know behind the bridge.',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'features-see-the-bridge',
      comment:
        'A feature imports renderer/bridge, renderer/ui, renderer/review, renderer/words and pure code of shared/. The shell (renderer/app) imports features, not the other way; the device is reached by a call or topic of the bridge.',
      severity: 'error',
      from: { path: '^renderer/features/', pathNot: tests },
      to: {
        path: '^(renderer|shared)/',
        pathNot: ['^renderer/(features|bridge|ui|review|words)/', '^shared/(kernel|domain|trust|replica|contracts)/'],
      },
    },
    {
      name: 'ui-knows-no-domain',
      comment:
        'renderer/ui draws; it knows no app, node or bridge. Take what you show as properties and let the feature fetch it. Only types and values of shared/kernel and renderer/words are open to it.',
      severity: 'error',
      from: { path: '^renderer/ui/', pathNot: tests },
      to: { path: '^(renderer|shared)/', pathNot: ['^renderer/(ui|words)/', '^shared/kernel/'] },
    },
    {
      name: 'review-under-the-features',
      comment:
        'renderer/review shows plans, jobs and states for all features and knows none of them. What only one feature shows belongs into that feature.',
      severity: 'error',
      from: { path: '^renderer/review/', pathNot: tests },
      to: { path: '^renderer/', pathNot: '^renderer/(review|bridge|ui|words)/' },
    },
    {
      name: 'dev-stays-out',
      comment:
        'renderer/dev is for those who draw screens, never for those who use them: nothing of the product imports it.',
      severity: 'error',
      from: { pathNot: ['^renderer/dev/', tests] },
      to: { path: '^renderer/dev/' },
    },
    {
      name: 'words-stand-alone',
      comment: 'renderer/words holds texts. Values come in as arguments; only shared/kernel is open to it.',
      severity: 'error',
      from: { path: '^renderer/words/', pathNot: tests },
      to: { path: '^(renderer|shared)/', pathNot: ['^renderer/words/', '^shared/kernel/'] },
    },
    {
      name: 'bridge-under-the-screens',
      comment:
        'The bridge knows no screen: give the screen a call, a topic or a hook in renderer/bridge and let it ask.',
      severity: 'error',
      from: { path: '^renderer/bridge/', pathNot: tests },
      to: { path: '^renderer/', pathNot: '^renderer/bridge/' },
    },
    {
      name: 'connectors-are-islands',
      comment: 'A connector knows shared/ and its vendor, nothing else: no other connector, no node, no core.',
      severity: 'error',
      from: { path: '^agent/connectors/([^/]+)/' },
      to: { path: '^agent/', pathNot: '^agent/connectors/$1/' },
    },
    {
      name: 'connectors-chosen-in-main',
      comment: 'Only agent/node/main.ts chooses connectors; everything else takes the port it implements.',
      severity: 'error',
      from: { pathNot: ['^agent/connectors/', '^agent/node/main\\.ts$', tests] },
      to: { path: '^agent/connectors/' },
    },
    {
      name: 'product-without-lab',
      comment: 'The product never imports its tests or its build. Move what both need into shared/.',
      severity: 'error',
      from: { path: '^(shared|agent|main|preload|renderer)/', pathNot: tests },
      to: { path: '^(e2e|build)/' },
    },
    {
      name: 'e2e-is-outside',
      comment:
        'e2e sees the product as a black box: start the program, speak its contracts (shared/contracts) or use shared/testing.',
      severity: 'error',
      from: { path: '^e2e/', pathNot: '^e2e/attacks/evil/' },
      to: { path: '^(shared|agent|main|preload|renderer)/', pathNot: '^shared/(contracts|testing)/' },
    },
    {
      name: 'attackers-have-our-source',
      comment:
        'e2e/attacks/evil signs and speaks as somebody who has our source and stole a disk: shared/ is open to it, the program itself is not.',
      severity: 'error',
      from: { path: '^e2e/attacks/evil/' },
      to: { path: '^(agent|main|preload|renderer)/' },
    },
    {
      name: 'no-development-packages',
      comment:
        'The product imports a package that is only there for development: move it to "dependencies" (with its ADR line) or do without.',
      severity: 'error',
      from: { path: '^(shared|agent|main|preload|renderer)/', pathNot: [tests, '^shared/testing/', '\\.suite\\.ts$'] },
      // Electron is the program that runs main and preload: it is there without being installed beside them.
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: ['^node_modules/@types/', '^node_modules/electron/'],
      },
    },
    home(
      'electron',
      ['^main/', '^preload/'],
      'Electron lives in main/ and preload/; the rest speaks the IPC contract.',
    ),
    home(
      'fastify',
      ['^agent/core/http/'],
      'HTTP lives in agent/core/http; the rest of the core are use cases without a request.',
    ),
    home(
      'yjs',
      ['^shared/replica/', '^shared/device/host/', '^renderer/bridge/'],
      'Yjs lives in shared/replica and the replica host; screens get their documents from renderer/bridge, the rest works with rows and plain values.',
    ),
    home(
      'y-protocols',
      ['^shared/replica/', '^shared/device/host/', '^renderer/bridge/'],
      "The wire of Yjs documents is spoken by the replica host (shared/device/host) and the renderer's bridge.",
    ),
    home(
      'lib0',
      ['^shared/replica/', '^shared/device/host/', '^renderer/bridge/'],
      "The wire of Yjs documents is spoken by the replica host (shared/device/host) and the renderer's bridge.",
    ),
    home('y-websocket', ['^renderer/bridge/'], 'Only renderer/bridge opens documents; ask it for one.'),
    home(
      'idb',
      ['^renderer/bridge/'],
      'IndexedDB is a store of the replica host: it lives in renderer/bridge behind its port.',
    ),
    ...['react', 'react-dom', '@mantine', '@codemirror', '@tabler', 'y-codemirror\\.next', 'zustand', 'wouter'].map(
      (library) => home(library, ['^renderer/'], 'This library draws screens: it lives in renderer/ only.'),
    ),
    home('commander', ['^agent/cli/', '^agent/main\\.ts$'], 'Command lines live in agent/cli.'),
    home('cloudflare', ['^agent/connectors/cloudflare/'], 'Vendor SDKs live in their connector.'),
    home('dockerode', ['^agent/node/'], "The Docker engine is the node's business: agent/node."),
    home('age-encryption', ['^shared/trust/'], 'Sealing lives in shared/trust.'),
    home('@scure/bip39', ['^shared/trust/'], 'Recovery words live in shared/trust.'),
    home('node-forge', ['^shared/node/'], 'Certificates are made in shared/node/tls-identity.ts.'),
    home('kysely', ['^agent/core/store/'], 'Queries live in agent/core/store; use its port.'),
    home(
      'better-sqlite3',
      ['^agent/core/store/', '^agent/node/', '^shared/node/'],
      'SQLite is opened in the stores of core and node and in shared/node only; use their ports.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|out|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig/node.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
