import type { Fleet } from '#shared/device/index.ts';
import type { SecretOnNode } from '#shared/domain/apps/index.ts';

/** What a secret that is not everywhere yet means, in a line. */
export function dueText(fleet: Fleet, place: SecretOnNode): string {
  const node = fleet.trust().nodes.get(place.node)?.name ?? place.node;
  const old = place.runs === null ? 'an older value' : `version ${place.runs}`;
  return place.status === 'signed'
    ? `${place.name}: version ${place.version} is signed, ${node} does not run it yet`
    : `${place.name}: ${node} runs ${old} until the app is deployed there`;
}

/** The same in a word or two, for a table. */
export function statusText(place: SecretOnNode): string {
  if (place.status === 'current') return 'runs';
  if (place.status === 'new') return 'not deployed yet';
  if (place.status === 'signed') return 'signed, does not run yet';
  return place.runs === null ? 'deploy again: an older value runs' : `deploy again: version ${place.runs} runs`;
}
