import { mkdirSync } from 'node:fs';
import type { EngineVersion } from '#world/world.ts';
import type { Attack, AttackRow, Verdict } from '../row.ts';
import type { EngineStage, Inspected } from '../world/engine-world.ts';
import { orderCompose } from './engine-verdicts.ts';
import { allOrNone } from './verdicts.ts';

/** A line of a service that gives it more than its own container, and what the engine shows when it had its way. */
interface Privilege {
  readonly what: string;
  readonly service: string;
  readonly top?: string;
  shows(made: Inspected): boolean;
  /** An engine under which it can not have its way on the lab's machine, whatever the node checks. */
  notUnder?: EngineVersion;
}

const host = (made: Inspected, key: string): unknown => made.HostConfig[key];
const binds = (made: Inspected, source: string): boolean =>
  made.Mounts.some((mount) => mount.Type === 'bind' && mount.Source === source);

/** What the last look at the engine sees by itself: modes that no model of ours has. */
const modes: readonly Privilege[] = [
  {
    what: 'privileged',
    service: 'privileged: true',
    shows: (made) => host(made, 'Privileged') === true,
    // It asks the kernel for every capability there is, and the lab's machine was not given them all.
    notUnder: '20.10',
  },
  { what: 'pid host', service: 'pid: host', shows: (made) => host(made, 'PidMode') === 'host' },
  { what: 'ipc host', service: 'ipc: host', shows: (made) => host(made, 'IpcMode') === 'host' },
  { what: 'uts host', service: 'uts: host', shows: (made) => host(made, 'UTSMode') === 'host' },
  { what: 'userns host', service: 'userns_mode: host', shows: (made) => host(made, 'UsernsMode') === 'host' },
];

/** What only the text and the resolved model tell apart from what was signed. */
const reaches: readonly Privilege[] = [
  { what: 'the root of the host', service: 'volumes: ["/:/host"]', shows: (made) => binds(made, '/') },
  {
    what: 'the socket of the engine',
    service: 'volumes: ["/run/docker.sock:/var/run/docker.sock"]',
    shows: (made) => made.Mounts.some(({ Source }) => Source.endsWith('/docker.sock')),
  },
  {
    what: 'a device',
    service: 'devices: ["/dev/null:/dev/sda"]',
    shows: (made) => (host(made, 'Devices') as unknown[] | null)?.length === 1,
  },
  {
    what: 'a capability',
    service: 'cap_add: [SYS_ADMIN]',
    shows: (made) => JSON.stringify(host(made, 'CapAdd')).includes('SYS_ADMIN'),
  },
  {
    what: 'no seccomp',
    service: 'security_opt: ["seccomp:unconfined"]',
    shows: (made) => JSON.stringify(host(made, 'SecurityOpt')).includes('seccomp'),
  },
  {
    what: 'the network of the host',
    service: 'network_mode: host',
    shows: (made) => host(made, 'NetworkMode') === 'host',
  },
  {
    what: 'a setting of the kernel',
    service: 'sysctls: {net.ipv4.ip_unprivileged_port_start: "0"}',
    shows: (made) => JSON.stringify(host(made, 'Sysctls') ?? {}).includes('ip_unprivileged_port_start'),
  },
  {
    what: 'a published port',
    service: 'ports: ["8099:8080"]',
    shows: (made) => JSON.stringify(host(made, 'PortBindings')).includes('8099'),
  },
];

async function tryAll(stage: EngineStage, all: readonly Privilege[]): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const { what, service, top, shows } of all.filter(({ notUnder }) => notUnder !== stage.engine))
    verdicts.push(
      await orderCompose(stage, what, { service, ...(top ? { top } : {}) }, (made) =>
        made.some((one) => one.State.Running && shows(one)),
      ),
    );
  return allOrNone(verdicts);
}

const withPrivileges = (
  name: string,
  all: readonly Privilege[],
  checks: Attack<EngineStage>['checks'],
): Attack<EngineStage> => ({ name, checks, run: (stage) => tryAll(stage, all) });

/** A8-21: an owner's signature without the exception; the exception in full view is the honest twin. */
export const privileges: AttackRow<EngineStage> = {
  id: 21,
  attacks: [
    withPrivileges('modes of the host', modes, ['gate-text', 'gate-model', 'gate-inspect']),
    withPrivileges('reaches into the host', reaches, ['gate-text', 'gate-model']),
  ],
  honest: [
    {
      name: 'a folder of the host and a capability, with their exceptions signed',
      async run(stage) {
        mkdirSync(stage.nodePath('/srv/films'), { recursive: true });
        const order = {
          service: 'volumes: ["/srv/films:/media:ro"]\n    cap_add: [NET_RAW]',
          body: {
            exceptions: [
              { rule: 'host-folder', service: 'web', value: '/srv/films:/media:ro', reason: 'films' },
              { rule: 'capability', service: 'web', value: 'NET_RAW', reason: 'a tunnel' },
            ],
          },
        };
        const has = (one: Inspected) =>
          binds(one, '/srv/films') && JSON.stringify(host(one, 'CapAdd')).includes('NET_RAW');
        return orderCompose(stage, 'signed exceptions', order, (made) => made.some(has));
      },
    },
  ],
};
