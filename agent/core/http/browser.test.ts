import { setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { API_PREFIX, SESSION_SCHEME } from '#shared/contracts/rest/index.ts';
import { SYNC_PROTOCOL } from '#shared/contracts/sync/messages.ts';
import { signEnvelope } from '#shared/trust/index.ts';
import { type CoreWorld, createCoreWorld } from '../testing/core-world.ts';
import type { TestDevice } from '../testing/test-device.ts';

let world: CoreWorld;
let device: TestDevice;
const base = () => `https://127.0.0.1:${world.running.httpPort}`;

beforeEach(async () => {
  world = await createCoreWorld();
  // From here on `fetch` verifies the core's certificate, name included, as a browser that was told to trust it does.
  setDefaultCACertificates([world.folder.tlsCert]);
  device = await world.claim();
});
afterEach(() => world.dispose());

function events(session: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${base()}${API_PREFIX}/events`, {
    headers: { authorization: `${SESSION_SCHEME} ${session}`, ...headers },
  });
}

/** A session that ends after so many milliseconds. */
async function shortSession(lifeMs: number): Promise<string> {
  const { json } = await device.call('createChallenge', { body: {}, session: null });
  const payload = {
    fleet: device.trust().fleet,
    coreSpki: json.coreSpki,
    challenge: json.challenge,
    expiresAt: new Date(Date.now() + lifeMs).toISOString(),
  };
  const envelope = await signEnvelope('session', payload, device.key.signer);
  return (await device.call('createSession', { body: { envelope }, session: null })).json.session;
}

describe('the event stream, read with fetch as browsers do', () => {
  it('resumes after the event that the reader names', async () => {
    world.running.core.events.publish({ type: 'app', data: { appId: 'one' } });
    const answer = await events(device.session(), { 'last-event-id': '1' });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('resync')) text += (await reader?.read())?.value ?? '';
    const id = /id: (\d+)\nevent: resync/.exec(text)?.[1] ?? '';
    await reader?.cancel();
    world.running.core.events.publish({ type: 'app', data: { appId: 'two' } });
    world.running.core.events.publish({ type: 'app', data: { appId: 'three' } });
    const resumed = (await events(device.session(), { 'last-event-id': id })).body
      ?.pipeThrough(new TextDecoderStream())
      .getReader();
    let more = '';
    while (!more.includes('three')) more += (await resumed?.read())?.value ?? '';
    expect([...more.matchAll(/"appId":"(\w+)"/g)].map((match) => match[1])).toEqual(['two', 'three']);
    await resumed?.cancel();
  });

  it('ends with the session, so that the reader opens a new one', async () => {
    const answer = await events(await shortSession(1_500));
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).toMatch(/^: overseer/);
  });
});

describe('pages of other sites', () => {
  const foreign = ['https://evil.example', 'null', 'http://127.0.0.1', 'https://127.0.0.1'];

  it.each(foreign)('%s may not call the API, with a session or without', async (origin) => {
    const options = { headers: { origin }, session: device.session() };
    expect(await device.call('listNodes', options)).toMatchObject({
      status: 403,
      json: { code: 'request.foreign-origin' },
    });
    expect(await device.call('createChallenge', { body: {}, session: null, headers: { origin } })).toMatchObject({
      status: 403,
    });
  });

  it('the screens of this core may', async () => {
    expect(await device.call('listNodes', { headers: { origin: base() } })).toMatchObject({ status: 200 });
  });

  it.each(foreign)('%s opens no WebSocket, and spends no ticket', async (origin) => {
    const { json } = await device.call('createTicket', { body: {} });
    const url = `${base().replace('https', 'wss')}${API_PREFIX}/sync?ticket=${json.ticket}`;
    expect(await opening(url, origin)).toBe('Unexpected server response: 403');
    expect(await opening(url, base())).toBe('open');
  });
});

function opening(url: string, origin: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, SYNC_PROTOCOL, { origin, rejectUnauthorized: false });
    socket.once('open', () => {
      socket.close();
      resolve('open');
    });
    socket.once('error', (error) => resolve(error.message));
  });
}
