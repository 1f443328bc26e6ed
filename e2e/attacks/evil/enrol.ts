import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import { systemRandom } from '#shared/kernel/index.ts';
import { createEnrolmentRequest, createEnrolmentToken, parseEnrolmentToken } from '#shared/trust/index.ts';
import { makeDevice } from './stolen-device.ts';

const ANSWER_MS = 20_000;

/** A request to join with a token and keys of one's own, as a node would send it. */
export async function joinRequest(token: string, name: string): Promise<object> {
  const parsed = parseEnrolmentToken(token, 0);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const keys = await makeDevice(name);
  const tlsSpki = randomBytes(32).toString('hex');
  const node = { name, signKey: keys.publicKey, ageRecipient: keys.ageRecipient, tlsSpki };
  return createEnrolmentRequest({ token: parsed.value, node, nodeFacts: {} });
}

/** Posts a request to join; gives the status and the fault's code. */
export function postJoin(at: { host: string; port: number }, body: object): Promise<{ status: number; code: string }> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        ...at,
        path: '/api/v1/enrolments',
        method: 'POST',
        rejectUnauthorized: false,
        agent: false,
        timeout: ANSWER_MS,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      },
      (response) => {
        let said = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          said += part;
        });
        response.on('end', () => {
          const code = /"code":"([^"]+)"/.exec(said)?.[1] ?? '';
          resolve({ status: response.statusCode ?? 0, code });
        });
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('the core did not answer')));
    asked.on('error', reject);
    asked.end(text);
  });
}

/** A token that nobody registered, for the fleet of that genesis. */
export function newTokenFor(about: {
  host: string;
  httpPort: number;
  linkPort: number;
  coreSpki: string;
  genesis: string;
}): string {
  const { coreSpki, genesis, ...address } = about;
  const expiresAt = new Date(Date.now() + 30 * 60_000).toISOString();
  return createEnrolmentToken({ addresses: [address], coreSpki, genesis, expiresAt }, systemRandom).token;
}
