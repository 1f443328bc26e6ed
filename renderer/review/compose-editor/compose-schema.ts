import {
  CONFIG_KEYS,
  DEPLOY_KEYS,
  HEALTHCHECK_KEYS,
  type KeyTable,
  LOG_DRIVERS,
  MOUNT_KEYS,
  NETWORK_KEYS,
  SERVICE_KEYS,
  SERVICE_NETWORK_KEYS,
  TOP_KEYS,
  VOLUME_KEYS,
} from '#shared/domain/policies/compose-keys.ts';

/** Names in the file or in the app that a value may be. */
export type NameKind = 'service' | 'volume' | 'network' | 'secret' | 'config';

/** What may stand at one place of a Compose file. Built of the keys our gates let through, so that nothing is offered that is refused. */
export interface SchemaNode {
  readonly keys?: Readonly<Record<string, SchemaNode>>;
  /** What stands below any other key, for mappings whose keys are names. */
  readonly entry?: SchemaNode;
  /** Keys that are names known elsewhere, for instance services below depends_on. */
  readonly entryNames?: NameKind;
  /** What one item of a list is. */
  readonly item?: SchemaNode;
  readonly values?: readonly string[];
  readonly names?: NameKind;
  /** One line on what it does. */
  readonly about?: string;
}

const booleans = ['true', 'false'];
const anything: SchemaNode = {};

const about: Readonly<Record<string, string>> = {
  image: 'what runs, for instance nginx:1.29',
  command: 'replaces the image’s own command',
  entrypoint: 'replaces the image’s own entry point',
  environment: 'plain variables; secrets belong into the tab Secrets',
  volumes: 'where data lies that must stay',
  ports: 'opens a port on the node itself; a route is nearly always better',
  depends_on: 'what must be there first',
  healthcheck: 'how a release is known to be good',
  restart: 'what happens when it ends',
  user: 'who it runs as, UID:GID',
  networks: 'which networks of this app it joins',
  secrets: 'sealed secrets, given as memory files',
  configs: 'small files that stand in this Compose file',
  tmpfs: 'a folder in memory, gone with the container',
  read_only: 'nothing but volumes can be written',
  init: 'a small process 1 that reaps what ended',
  mem_limit: 'most memory, for instance 512m',
  cpus: 'most processors, for instance 1.5',
  stop_grace_period: 'time to end by itself, for instance 30s',
  shm_size: 'size of /dev/shm, for instance 128m',
  cap_drop: 'capabilities to take away',
  test: 'the command that says healthy, for instance ["CMD", "true"]',
  interval: 'between two checks, for instance 10s',
  start_period: 'failures in this time do not count',
};

/** The keys of a table that are not refused, with what is known of what stands below them. */
function allowed(
  table: KeyTable,
  known: Readonly<Record<string, SchemaNode>> = {},
): Readonly<Record<string, SchemaNode>> {
  const keys = Object.entries(table).filter(([, rule]) => rule === 'free' || 'check' in rule);
  return Object.fromEntries(
    keys.map(([key]) => [key, { ...(about[key] ? { about: about[key] } : {}), ...(known[key] ?? anything) }]),
  );
}

const resources: SchemaNode = {
  keys: Object.fromEntries(
    ['limits', 'reservations'].map((key) => [key, { keys: { cpus: anything, memory: anything, pids: anything } }]),
  ),
};

const service: SchemaNode = {
  keys: allowed(SERVICE_KEYS, {
    restart: { values: ['unless-stopped', 'always', 'on-failure', 'no'] },
    pull_policy: { values: ['missing', 'always', 'never'] },
    init: { values: booleans },
    read_only: { values: booleans },
    tty: { values: booleans },
    stdin_open: { values: booleans },
    network_mode: { values: ['none', 'bridge'] },
    depends_on: {
      entryNames: 'service',
      item: { names: 'service' },
      entry: {
        keys: {
          condition: { values: ['service_started', 'service_healthy', 'service_completed_successfully'] },
          restart: { values: booleans },
          required: { values: booleans },
        },
      },
    },
    links: { item: { names: 'service' } },
    networks: { item: { names: 'network' }, entryNames: 'network', entry: { keys: allowed(SERVICE_NETWORK_KEYS) } },
    volumes: {
      item: {
        names: 'volume',
        keys: allowed(MOUNT_KEYS, {
          type: { values: ['volume', 'bind', 'tmpfs'] },
          source: { names: 'volume' },
          read_only: { values: booleans },
        }),
      },
    },
    secrets: { item: { names: 'secret', keys: { source: { names: 'secret' }, target: anything } } },
    configs: { item: { names: 'config', keys: { source: { names: 'config' }, target: anything } } },
    healthcheck: { keys: allowed(HEALTHCHECK_KEYS, { disable: { values: booleans } }) },
    logging: { keys: { driver: { values: LOG_DRIVERS }, options: anything } },
    deploy: { keys: allowed(DEPLOY_KEYS, { mode: { values: ['replicated', 'global'] }, resources }) },
    extends: { keys: { service: { names: 'service' } } },
    cap_drop: { item: { values: ['ALL'] } },
  }),
};

/** The whole file. */
export const composeSchema: SchemaNode = {
  keys: allowed(TOP_KEYS, {
    services: { entry: service, about: 'the containers of this app' },
    networks: {
      entry: { keys: allowed(NETWORK_KEYS, { internal: { values: booleans } }) },
      about: 'networks between the services of this app',
    },
    volumes: { entry: { keys: allowed(VOLUME_KEYS) }, about: 'named volumes; their data outlives the app' },
    configs: { entry: { keys: allowed(CONFIG_KEYS) }, about: 'small files for services' },
    secrets: { entryNames: 'secret', about: 'secrets of this app, by name' },
    name: { about: 'read by nobody: Overseer names the project itself' },
    version: { about: 'read by nobody today' },
  }),
};
