import { beforeAll, describe, expect, it } from 'vitest';
import { fromBase64, sha256Hex, utf8, utf8ToText } from '#shared/kernel/index.ts';
import { envelopeKinds } from './index.ts';
import { type Artifacts, produce } from './testing/portable-scenario.ts';

/**
 * What goes over wires and onto disks is final. These hashes change only together with a new version in the payload
 * type: fleets that are already signed must stay readable.
 */
const golden: Record<string, string> = {
  fleet: '64098152f6803bcd5810b4aeeeadc2b4589c5ae8bc6caa64173061eb14c7a2bf',
  head: 'df9d43237e44afdfe65ff8a7d3e98312cbe5c3677c95d6c18e426419df1a87b8',
  entries: '5cb483dc45bf373b52bb6bef77a9ccf3114b990deb8c2de7f182b6cbc0f1daf0',
  release: 'f1938d30a6d6912d6fc764dbb42c1a4b66eac154fee0a79cc0a8db76525f14c6',
  command: 'c55043bce808e01ea80b53f66b1dedc6fd7252cc7812c52a6b13c56f5b725962',
  session: 'ebe8ea604d05d9f7b44a37b10f269b9d1b7ff40be4415d014ef2da628f2f8e90',
  nodeAudit: 'c82cd0f7736bf2453ba4ca546c9727b6623c4de87fa58906f3de9ae01ecb5c3b',
  statement: 'b0f6ddcccb2ae97ea270a4378ccdd17a7f28289c000d1b3532830e9db1243756',
  coreAudit: '07e38ae1b6d519f32924b2ed8c60b603e069ddf1a399f04dcdb2de6d3c57a5ff',
  token: '84d9da9a7c908a687189443b241e0d74598569804acd5ce248469db02317f65c',
  request: '0fcc7ae32d1d2ab016346b06646faf64a649d0307a2547f8fdff5c85ddec62e4',
  setup: '116f22e34d88470d90b1899cadd5259c2c0d979d4f9551da6276b4630c581784',
  recovery: '56ca9766f3ee2d861fc08ec06deb3904bdf33beebbcff6517c5e4c27025baf84',
  ownerRecipients: '6ac3555c4b9d902f0e2f5992e3d3c80be85ad40cba1b760aadfbae3820eb0d66',
};

let made: Artifacts['repeatable'];
beforeAll(async () => {
  made = (await produce()).repeatable;
});

describe('ENV-2: the bytes of one of each', () => {
  it.each(Object.keys(golden))('ENV-2: %s are as they were', (name) => {
    expect(sha256Hex(utf8(JSON.stringify(made[name as keyof typeof made])))).toBe(golden[name]);
  });

  it('ENV-2: nothing that is made here is left out', () => {
    expect(Object.keys(golden).sort()).toEqual(Object.keys(made).sort());
  });

  it('ENV-2: kinds and sizes', () => {
    expect(Object.fromEntries(Object.entries(envelopeKinds).map(([kind, { maxBytes }]) => [kind, maxBytes]))).toEqual({
      trust: 65_536,
      release: 16_384,
      changeset: 65_536,
      command: 65_536,
      row: 1_048_576,
      session: 4_096,
      report: 1_048_576,
      'node-audit': 65_536,
      statement: 65_536,
      token: 16_384,
      enrol: 65_536,
    });
  });

  it('ENV-7: a release header as text', () => {
    expect(Object.keys(JSON.parse(utf8ToText(fromBase64(made.release.payload) ?? new Uint8Array())) as object)).toEqual(
      [
        'fleet',
        'signer',
        'requires',
        'trustHead',
        'auditHead',
        'appId',
        'node',
        'number',
        'previous',
        'body',
        'changeSet',
        'issuedAt',
        'acceptBy',
        'after',
        'note',
      ],
    );
  });
});
