import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabPlace } from './lab-place.ts';

/** What somebody outside got while something was done to the app. */
export interface Asked {
  readonly asked: number;
  readonly failed: number;
  /** The longest time without a good answer. */
  readonly awayMs: number;
}

const script = `
  const https = require('node:https');
  const ca = require('node:fs').readFileSync(process.argv[1]);
  const seen = { asked: 0, failed: 0, awayMs: 0 };
  let good = performance.now();
  const ask = () => new Promise((resolve) => {
    const request = https.get(process.argv[2], { ca, agent: false, timeout: 3000 }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode === 200));
      answer.on('error', () => resolve(false));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
  process.on('SIGTERM', () => { console.log(JSON.stringify(seen)); process.exit(); });
  (async () => {
    for (;;) {
      const fine = await ask();
      seen.asked++;
      if (fine) good = performance.now();
      else { seen.failed++; seen.awayMs = Math.max(seen.awayMs, Math.round(performance.now() - good)); }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  })();
  console.log('asks');`;

/** Asks for the app's page over verified https, one request after the other, until told to stop. */
export async function startAsking(place: LabPlace): Promise<() => Promise<Asked>> {
  const { world } = place;
  const ca = join(world.hubFolder, 'asking-root.pem');
  writeFileSync(ca, await world.pebbleRoot());
  const argv = [process.execPath, '--no-warnings', '-e', script, ca, `https://${place.host}/`];
  const asking = await world.spawn('hub', argv, { name: `asking-${performance.now().toFixed(0)}` });
  return async () => {
    asking.kill('SIGTERM');
    await asking.exited;
    return JSON.parse(/^\{.*\}$/m.exec(asking.log())?.[0] ?? '{"asked":0,"failed":0,"awayMs":0}') as Asked;
  };
}
