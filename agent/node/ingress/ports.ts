import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import type { Engine } from '../engine/engine.ts';

/** Who listens on a TCP port of this node, as well as it can be told. */
export interface PortHolder {
  readonly port: number;
  readonly who: string;
}

/**
 * Refuses when a port the ingress needs is held by something else; `ours` are container ids that may hold it. Error:
 * `ingress.port-taken` with the holder and the ways out.
 */
export async function checkPorts(
  engine: Engine,
  ports: readonly number[],
  ours: ReadonlySet<string>,
): Promise<Result<void>> {
  const published = await publishedPorts(engine);
  for (const port of ports) {
    const container = published.find((one) => one.port === port);
    if (container && ours.has(container.id)) continue;
    if (container) return err(taken({ port, who: `the container ${container.name}` }));
    const inode = listeningInode(port);
    if (inode !== undefined) return err(taken({ port, who: processOf(inode) ?? 'a program of this node' }));
  }
  return ok();
}

async function publishedPorts(engine: Engine): Promise<{ port: number; id: string; name: string }[]> {
  const containers = await engine.docker.listContainers();
  return containers.flatMap((container) =>
    container.Ports.filter((port) => port.Type === 'tcp' && port.PublicPort).map((port) => ({
      port: port.PublicPort,
      id: container.Id,
      name: (container.Names[0] ?? container.Id).replace(/^\//, ''),
    })),
  );
}

function taken(holder: PortHolder) {
  return fault(
    'ingress.port-taken',
    'conflict',
    `Port ${holder.port} of this node is held by ${holder.who}. Nothing was changed.`,
    `Stop ${holder.who}, or enable the ingress with other ports (--http-port, --https-port) and forward 80 and 443 of your router to them; certificates by HTTP-01 need port 80 from outside.`,
    { field: 'ports', detail: { port: String(holder.port), holder: holder.who } },
  );
}

const LISTEN = '0A';

/** The socket that listens on a port; also on loopback alone, for the engine publishes on every address. */
function listeningInode(port: number): string | undefined {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readLines(file).slice(1)) {
      const fields = line.trim().split(/\s+/);
      const localPort = fields[1]?.split(':')[1];
      if (localPort === hex && fields[3] === LISTEN) return fields[9];
    }
  }
  return undefined;
}

/** Name and pid of the process that holds a socket, where /proc lets us look. */
function processOf(inode: string): string | undefined {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fds = readdirSync(`/proc/${pid}/fd`);
      if (!fds.some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`)) continue;
      return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (process ${pid})`;
    } catch {
      // Gone, or not ours to look into.
    }
  }
  return undefined;
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}
