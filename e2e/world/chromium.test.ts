import { chromium } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareChromium } from './chromium.ts';
import { startWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ note: console.error });
});
afterAll(async () => {
  await world?.stop();
});

const page = '<title>lab</title><p id="secure"></p><script>secure.textContent = isSecureContext</script>';
const server = `
const { createServer } = require('node:https');
const options = { cert: process.env.CERT, key: require('node:fs').readFileSync(process.env.KEY) };
createServer(options, (q, a) => a.setHeader('content-type', 'text/html').end(process.env.PAGE)).listen(7443, '10.77.0.10');
`;

it('LAB-14: a real browser in the hub opens a page whose authority it was told to trust, and only then', async () => {
  const env = { CERT: world.acme.caPem, KEY: `${world.folder}/pebble/key.pem`, PAGE: page };
  const running = await world.spawn('hub', [process.execPath, '-e', server], { env });
  const url = 'https://10.77.0.10:7443/';
  for (const trusted of [false, true]) {
    const browser = await prepareChromium({ world, trust: trusted ? [world.acme.caPem] : [], note: console.error });
    const { executablePath, userDataDir, args } = browser;
    const context = await chromium.launchPersistentContext(userDataDir, { executablePath, args: [...args] });
    try {
      const tab = await context.newPage();
      if (trusted) {
        await tab.goto(url);
        expect(await tab.textContent('#secure')).toBe('true');
        const signs = await tab.evaluate(async () => {
          const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
          return (await crypto.subtle.sign('Ed25519', pair.privateKey, new Uint8Array(3))).byteLength;
        });
        expect(signs).toBe(64);
      } else {
        await expect(tab.goto(url)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
      }
    } finally {
      await context.close();
      browser.remove();
    }
  }
  running.kill('SIGKILL');
});
