import { writeFileSync } from 'node:fs';
import { spkiSha256 } from '#shared/node/tls-identity.ts';
import { evilKey, keyPem, writeEvilCertificate } from '#shared/testing/evil-certificate.ts';
import type { KeyPair } from './certificates.ts';
import type { LinkPlace } from './link-of-node.ts';
import { extended, signEntry, type TrustState } from './orders.ts';
import { makeDevice, type OpenDevice } from './stolen-device.ts';

/** What a crowd is told: the keys of its nodes, the head of the log that they hold, and where the core is. */
export interface Crowd {
  readonly place: LinkPlace;
  readonly trustHead: string;
  readonly members: readonly (KeyPair & { readonly nodeId: string })[];
}

/** Makes that many nodes, which `owner` lets in, and writes what their process is told into `file`; gives the log with all of them. */
export async function makeCrowd(about: {
  count: number;
  owner: OpenDevice;
  trust: TrustState;
  place: LinkPlace;
  file: string;
}): Promise<TrustState> {
  const { count, owner, place, file } = about;
  let { trust } = about;
  const members: Crowd['members'][number][] = [];
  for (let index = 1; index <= count; index++) {
    const name = `crowd-${index}`;
    const { deviceId: nodeId, publicKey: signKey, ageRecipient } = await makeDevice(name);
    const tlsKey = evilKey('ec');
    const cert = writeEvilCertificate({ key: tlsKey });
    const node = { nodeId, name, signKey, ageRecipient, tlsSpki: spkiSha256(cert) };
    trust = await extended(trust, [await signEntry(trust, { kind: 'add-node', node }, owner)]);
    members.push({ nodeId, key: keyPem(tlsKey), cert });
  }
  writeFileSync(file, JSON.stringify({ place, trustHead: trust.head, members } satisfies Crowd), { mode: 0o600 });
  return trust;
}
