import type { Tone } from '#renderer/ui/index.ts';
import type { AppDetail } from '#shared/contracts/ipc/index.ts';

/** How well a service is, by what the engine says of it. One that ran to its end without a fault rests. */
export function serviceTone(service: Pick<AppDetail['services'][number], 'state' | 'health' | 'exitCode'>): Tone {
  switch (service.state) {
    case 'running':
      return { none: 'good', starting: 'busy', healthy: 'good', unhealthy: 'bad' }[service.health] as Tone;
    case 'created':
    case 'removing':
      return 'busy';
    case 'restarting':
      return 'warn';
    case 'paused':
      return 'quiet';
    case 'exited':
      return service.exitCode === 0 ? 'quiet' : 'bad';
    case 'dead':
    case 'missing':
      return 'bad';
  }
}
