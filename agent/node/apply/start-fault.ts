import { type Fault, fault } from '#shared/kernel/index.ts';
import { exited, unhealthy } from './health.ts';

/** What Compose's last words on a failed start mean. `project` is the prefix of container names. */
export function startFault(message: string, project: string): Fault {
  const port =
    /(?:Bind for \S+:|listen (?:tcp|udp)\d* \S+:|host port )(\d+)\D.*(?:already allocated|already in use)/i.exec(
      message,
    )?.[1];
  if (port !== undefined)
    return fault(
      'engine.port-taken',
      'conflict',
      `Port ${port} of the node is already in use.`,
      'Choose another published port (and sign its exception), or stop what uses this one.',
      { field: 'ports', detail: { port } },
    );
  if (/no space left on device/i.test(message))
    return fault(
      'engine.disk-full',
      'transient',
      'The node’s disk is full: containers could not be made.',
      'Free space on the node, then retry the job.',
    );
  const dependency = /dependency failed to start: container (\S+)-\d+ (?:is (unhealthy)|exited \((\d+)\))/.exec(
    message,
  );
  const service = dependency?.[1]?.replace(`${project}-`, '');
  if (service !== undefined && dependency?.[2]) return unhealthy(service);
  if (service !== undefined) return exited(service, Number(dependency?.[3]));
  const once = /service "(\S+)" didn't complete successfully: exit (\d+)/.exec(message);
  if (once) return exited(once[1] ?? '', Number(once[2]));
  return fault(
    'engine.start-failed',
    'permanent',
    `The containers could not be started: ${message.slice(0, 800)}`,
    'Read the message; it is the engine’s own. Mend the Compose file and deploy again.',
  );
}
