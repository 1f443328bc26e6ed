import type { LabFleet } from '../../journeys/lab-fleet.ts';

export const LOUD_APP = 'loud';
const BUSY_MS = 180_000;

/** Deploys an app that runs this script beside a healthy server, and gives its container. */
export async function deployLoud(fleet: LabFleet, script: string): Promise<string> {
  const entrypoint = JSON.stringify(['/bin/sh', '-c', `(${script}) & exec /web`]);
  const compose = `services:\n  web:\n    image: lab/web:shell\n    entrypoint: ${entrypoint}\n    stop_grace_period: 1s\n`;
  const file = await fleet.memoryFile('loud.yaml', compose);
  await fleet.ask(['apps', 'deploy', LOUD_APP, '--compose', file, '--node', 'n1', '--yes'], BUSY_MS);
  const { appId } = await fleet.ask<{ appId: string }>(['apps', 'show', LOUD_APP]);
  return (await fleet.world.docker(['ps', '-q', '--filter', `name=ov-${appId}-`])).stdout.trim();
}
