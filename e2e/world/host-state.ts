import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What a lab must leave as it was, each as sorted lines, for comparing before, while and after. */
export type HostState = Record<string, string[]>;

/** Reads what this machine looks like, without programs that a bare machine lacks; those it has are asked too. */
export function readHostState(): HostState {
  return {
    firewall: [...asked('iptables-save'), ...asked('ip6tables-save'), ...asked('nft', 'list', 'ruleset')],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own format
    packages: asked('dpkg-query', '-W', '-f', '${Package} ${Version} ${Status}\n'),
    units: [...asked('systemctl', 'list-unit-files', '--no-legend'), ...files('/etc/systemd/system')],
    links: files('/sys/class/net'),
    routes: [...lines('/proc/net/route'), ...lines('/proc/net/ipv6_route').map(withoutCounters)],
    addresses: [...lines('/proc/net/if_inet6'), ...lines('/proc/net/fib_trie')],
    namespaces: files('/run/netns'),
    listening: listening(),
    mounts: lines('/proc/self/mountinfo'),
    sockets: ['/run/docker.sock', '/var/run/docker.sock'].filter((p) => existsSync(p)),
    sysctls: ['ipv4/ip_forward', 'ipv6/conf/all/forwarding', 'ipv4/conf/all/rp_filter'].map(
      (n) => `${n} ${lines(`/proc/sys/net/${n}`)}`,
    ),
    host: [...lines('/proc/sys/kernel/hostname'), ...lines('/etc/resolv.conf'), ...lines('/etc/hosts')],
  };
}

/** Comments of the dump tools hold the time; counters change by themselves. */
function asked(program: string, ...args: string[]): string[] {
  const answer = spawnSync(program, args, { encoding: 'utf8' });
  if (answer.status !== 0) return [];
  const noise = /^#|^\s*$/;
  return answer.stdout
    .split('\n')
    .filter((l) => !noise.test(l))
    .map((l) => l.replace(/\[\d+:\d+\]/, ''))
    .sort();
}

function lines(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').sort() : [];
}

const files = (path: string): string[] => (existsSync(path) ? readdirSync(path).sort() : []);

/** Columns 7 and 8 of /proc/net/ipv6_route count references and uses. */
const withoutCounters = (line: string): string =>
  line
    .trim()
    .split(/\s+/)
    .filter((_, i) => i !== 6 && i !== 7)
    .join(' ');

const tcpListen = '0A';

/**
 * Listening sockets of this network namespace. Those in the range from which the kernel gives ports to whoever asks for
 * any are left out: other programs of this machine come and go there.
 */
function listening(): string[] {
  const lowest = Number(lines('/proc/sys/net/ipv4/ip_local_port_range')[0]?.split(/\s+/)[0] ?? 32_768);
  const found = ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((kind) =>
    lines(`/proc/net/${kind}`).flatMap((line) => {
      const [, local = '', , state] = line.trim().split(/\s+/);
      const port = Number.parseInt(local.split(':')[1] ?? '', 16);
      if (Number.isNaN(port) || port >= lowest || (kind.startsWith('tcp') && state !== tcpListen)) return [];
      return [`${kind} ${local}`];
    }),
  );
  return found.sort();
}
