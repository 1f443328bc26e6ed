import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poll } from '#world/processes.ts';
import { type Driver, goodRelease, idOf, startDriver, webBody } from './driver.ts';

let driver: Driver;
const ingressId = idOf('ingress');
const appId = idOf('routed');
const hostname = 'web.lab.example';
const route = { routeId: idOf('route'), hostname, service: 'web', port: 8080 };

function ingressBody(more: Record<string, unknown> = {}) {
  const { directory, caPem } = driver.world.acme;
  const acme = { email: 'owner@lab.example', caServer: directory, caCertificates: caPem };
  return {
    v: 1,
    kind: 'ingress',
    name: 'ingress',
    state: 'running',
    image: { ref: 'traefik:v3.7', digest: null },
    acme,
    policies: { healthTimeoutMs: 60_000, settleMs: 500 },
    ...more,
  };
}

beforeAll(async () => {
  driver = await startDriver();
  const address = { type: 'A', name: hostname, content: '10.77.0.11' };
  await driver.world.cloudflareControl('putRecord', 'lab.example', address);
});
afterAll(async () => {
  await driver?.world.stop();
});

describe('the ingress on a real engine', () => {
  it('refuses a taken port by the name of its holder, and touches nothing', async () => {
    await driver.world.docker(['run', '-d', '--name', 'foreign', '-p', '80:8080', 'lab/web:1']);
    const answer = await driver.call({ do: 'apply', appId: ingressId, body: ingressBody() });
    expect(answer).toMatchObject({ outcome: 'failed', fault: { code: 'ingress.port-taken' } });
    expect(answer.fault?.message).toContain('the container foreign');
    expect((await driver.ps()).map((one) => one.name)).toEqual(['foreign']);
    await driver.world.docker(['rm', '-f', 'foreign']);
  });

  it('starts, and serves its API to nobody without the node’s password', async () => {
    const answer = await driver.call({ do: 'apply', appId: ingressId, body: ingressBody() });
    expect(answer).toMatchObject({ outcome: 'succeeded', fault: null });
    const port = await driver.world.docker(['port', `ov-${ingressId}-traefik-1`, '8080']);
    expect(port.stdout).toMatch(/^127\.0\.0\.1:\d+$/m);
    const asked = await driver.world.exec('n1', [
      ...['node', '-e', `fetch('http://${port.stdout.trim()}/api/rawdata').then((r) => console.log(r.status))`],
    ]);
    expect(asked.stdout.trim()).toBe('401');
  });

  it('AC4: a routed app is served over HTTPS with a certificate that verifies, after no edit by hand', async () => {
    const answer = await driver.call({ do: 'apply', appId, body: webBody('1', { routes: [route] }) });
    expect(answer).toMatchObject({ outcome: 'succeeded', fault: null });
    expect(answer.steps.findLast((step) => step.step === 'certificate')?.text).toContain('issued by');
    const shown = await driver.world.httpGet(`https://${hostname}/`, { ca: await driver.world.pebbleRoot() });
    expect(shown).toMatchObject({ ok: true, status: 200, body: 'lab/web 1\n' });
    const plain = await driver.world.httpGet(`http://${hostname}/`);
    expect(plain).toMatchObject({ ok: true, status: 301, headers: { location: `https://${hostname}/` } });
  });

  it('P6: a stateless routed service is replaced without one failed request', async () => {
    const body = webBody('1', { routes: [route] });
    const first = await driver.call({ do: 'apply', appId, body });
    const ca = await driver.world.pebbleRoot();
    const seen: string[] = [];
    let isOver = false;
    const asking = (async () => {
      while (!isOver) {
        const answer = await driver.world.httpGet(`https://${hostname}/`, { ca });
        seen.push(answer.ok && answer.status === 200 ? answer.body.trim() : JSON.stringify(answer));
      }
    })();
    const next = await driver.call({
      do: 'apply',
      appId,
      number: 2,
      body: webBody('2', { routes: [route] }),
      previousGood: goodRelease(body, first),
    });
    isOver = true;
    await asking;
    expect(next).toMatchObject({ outcome: 'succeeded', awayMs: 0 });
    expect(new Set(seen)).toEqual(new Set(['lab/web 1', 'lab/web 2']));
    expect((await driver.ps()).filter((one) => one.name.includes(appId))).toHaveLength(1);
  });

  it('P6: a version that never gets healthy leaves the old one serving all the time', async () => {
    const body = webBody('2', { routes: [route] });
    const first = await driver.call({ do: 'apply', appId, body });
    const bad = webBody('never-healthy', { routes: [route] });
    const answer = await driver.call({
      do: 'apply',
      appId,
      number: 3,
      body: bad,
      previousGood: goodRelease(body, first),
    });
    expect(answer).toMatchObject({ outcome: 'rolled-back', awayMs: 0, fault: { code: 'app.unhealthy' } });
    const shown = await driver.world.httpGet(`https://${hostname}/`, { ca: await driver.world.pebbleRoot() });
    expect(shown).toMatchObject({ ok: true, body: 'lab/web 2\n' });
    expect((await driver.ps()).filter((one) => one.name.includes(appId))).toHaveLength(1);
  });

  it('refuses a hostname that another app serves, and names that app', async () => {
    const other = idOf('other');
    const body = webBody('1', { routes: [{ ...route, routeId: idOf('other-route') }] });
    const answer = await driver.call({ do: 'apply', appId: other, body });
    expect(answer).toMatchObject({
      outcome: 'failed',
      fault: { code: 'route.hostname-taken', detail: { app: appId } },
    });
  });

  it('P3: a Traefik that was made anew serves the old routes again', async () => {
    await driver.world.docker(['rm', '-f', `ov-${ingressId}-traefik-1`]);
    expect(await driver.call({ do: 'repair', appId: ingressId, body: ingressBody() })).toMatchObject({ value: true });
    expect(await driver.call({ do: 'repair', appId: ingressId, body: ingressBody() })).toMatchObject({ value: false });
    const shown = await driver.world.httpGet(`https://${hostname}/`, { ca: await driver.world.pebbleRoot() });
    expect(shown).toMatchObject({ ok: true, body: 'lab/web 2\n' });
    const observed = await driver.call({ do: 'observe', appId, body: webBody('2', { routes: [route] }) });
    expect(observed.value).toMatchObject({ status: 'running', routes: [{ hostname, status: 'enabled' }] });
  });

  it('P3: a route file changed by hand, a cut network and a lost container are mended', async () => {
    const body = webBody('2', { routes: [route] });
    const file = `/var/lib/overseer/node/ingress/routes/ov-${appId}.yml`;
    await driver.world.exec('n1', ['sh', '-c', `echo '{}' > ${file}`]);
    expect(await driver.call({ do: 'repair', appId, body })).toMatchObject({ value: true });
    expect((await driver.world.readNodeFile(file)).toString()).toContain(hostname);
    await driver.world.docker(['network', 'disconnect', '-f', `ov-in-${appId}`, `ov-${ingressId}-traefik-1`]);
    expect(await driver.call({ do: 'repair', appId, body })).toMatchObject({ value: true });
    const [container] = (await driver.ps()).filter((one) => one.name.includes(appId));
    await driver.world.docker(['rm', '-f', container?.id ?? '']);
    expect(await driver.call({ do: 'repair', appId, body })).toMatchObject({ value: true });
    expect(await driver.call({ do: 'repair', appId, body })).toMatchObject({ value: false });
    const shown = await driver.world.httpGet(`https://${hostname}/`, { ca: await driver.world.pebbleRoot() });
    expect(shown).toMatchObject({ ok: true, body: 'lab/web 2\n' });
  });

  it.each([
    ['start', 'progress'],
    ['health', 'progress'],
    ['network', 'started'],
    ['route', 'started'],
    ['route', 'done'],
  ])(
    'P5: killed at %s %s between two versions, the next try ends well and serving never stops',
    async (step, state) => {
      const [from, to] = step === 'start' || step === 'network' ? ['2', '3'] : ['3', '2'];
      await driver.call({ do: 'apply', appId, body: webBody(from, { routes: [route] }) });
      const call = { do: 'apply', appId, number: 2, body: webBody(to, { routes: [route] }) };
      const running = await driver.spawn(call);
      const mark = `"step":"${step}","state":"${state}"`;
      expect(
        await poll(() => (running.log().includes(mark) ? true : running.isRunning() ? undefined : false), 60_000),
      ).toBe(true);
      running.kill('SIGKILL');
      await running.exited;
      const ca = await driver.world.pebbleRoot();
      expect(await driver.world.httpGet(`https://${hostname}/`, { ca })).toMatchObject({ ok: true, status: 200 });
      expect(await driver.call(call)).toMatchObject({ outcome: 'succeeded', fault: null });
      expect(await driver.world.httpGet(`https://${hostname}/`, { ca })).toMatchObject({
        ok: true,
        body: `lab/web ${to}\n`,
      });
      expect((await driver.ps()).filter((one) => one.name.includes(appId))).toHaveLength(1);
    },
  );

  it('a name that does not lead here is not a failed deploy, and the ACME server’s words are told', async () => {
    const lost = idOf('lost');
    const body = webBody('1', { routes: [{ ...route, routeId: idOf('lost-route'), hostname: 'nowhere.lab.example' }] });
    const answer = await driver.call({ do: 'apply', appId: lost, body });
    expect(answer).toMatchObject({ outcome: 'succeeded', fault: { code: 'certificate.not-issued' } });
    expect(answer.fault?.message).toMatch(/nowhere\.lab\.example.*(NXDOMAIN|dns|DNS|acme)/);
    await driver.call({ do: 'apply', appId: lost, number: 2, body: { ...body, state: 'removed' } });
  });

  it('a record that comes late is enough: the certificate is asked for again', async () => {
    const late = idOf('late');
    const name = 'late.lab.example';
    const body = webBody('1', { routes: [{ ...route, routeId: idOf('late-route'), hostname: name }] });
    const running = await driver.spawn({ do: 'apply', appId: late, body });
    const isWaiting = () => running.log().includes('"step":"certificate","state":"started"');
    expect(await poll(() => (isWaiting() ? true : running.isRunning() ? undefined : false), 60_000)).toBe(true);
    await driver.world.cloudflareControl('putRecord', 'lab.example', { type: 'A', name, content: '10.77.0.11' });
    await running.exited;
    expect(running.log()).toContain('"outcome":"succeeded"');
    const shown = await driver.world.httpGet(`https://${name}/`, { ca: await driver.world.pebbleRoot() });
    expect(shown).toMatchObject({ ok: true, status: 200 });
    await driver.call({ do: 'apply', appId: late, number: 2, body: { ...body, state: 'removed' } });
  });

  it('removal takes route, network and containers away, and nothing stays behind', async () => {
    const answer = await driver.call({ do: 'apply', appId, number: 9, body: webBody('2', { state: 'removed' }) });
    expect(answer).toMatchObject({ outcome: 'succeeded' });
    const shown = await driver.world.httpGet(`https://${hostname}/`, { ca: await driver.world.pebbleRoot() });
    expect(shown).toMatchObject({ ok: true, status: 404 });
    await driver.call({ do: 'apply', appId: ingressId, number: 9, body: ingressBody({ state: 'removed' }) });
    expect(await driver.ps()).toEqual([]);
    const networks = await driver.world.docker(['network', 'ls', '--format', '{{.Name}}']);
    expect(networks.stdout.trim().split('\n').sort()).toEqual(['bridge', 'host', 'none']);
  });
});
