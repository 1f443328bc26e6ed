import { type Fault, FaultError, fault, isFault } from '#shared/kernel/index.ts';

interface EngineError {
  code?: string;
  statusCode?: number;
  json?: { message?: string };
  message?: string;
}

/** The HTTP status of an engine's refusal, or undefined for anything else that was thrown. */
export function statusOf(cause: unknown): number | undefined {
  return (cause as EngineError | undefined)?.statusCode;
}

/** The engine's own words for what went wrong. */
export function engineMessage(cause: unknown): string {
  const error = cause as EngineError | undefined;
  return (error?.json?.message ?? error?.message ?? String(cause)).split('\n')[0] ?? '';
}

/** Turns what an engine call threw into a fault: `engine.absent`, `engine.disk-full` or `engine.failed`. */
export function engineFault(cause: unknown, doing: string): Fault {
  if (cause instanceof FaultError) return cause.fault;
  if (isFault(cause)) return cause;
  const code = (cause as EngineError | undefined)?.code;
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'EACCES' || code === 'ECONNRESET' || code === 'EPIPE')
    return fault(
      'engine.absent',
      'transient',
      `The Docker engine does not answer (${code}) while ${doing}.`,
      'Start the Docker engine on the node, then retry the job.',
    );
  const message = engineMessage(cause);
  if (code === 'ENOSPC' || /no space left on device/i.test(message))
    return fault(
      'engine.disk-full',
      'transient',
      `The node's disk is full while ${doing}: ${message}`,
      'Free space on the node (docker image prune, old volumes), then retry the job.',
    );
  return fault(
    'engine.failed',
    'permanent',
    `The engine refused while ${doing}: ${message}`,
    'Read the message; it is the engine’s own. Change the app or the node accordingly and deploy again.',
  );
}
