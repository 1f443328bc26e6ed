import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex, unwrap, utf8 } from '#shared/kernel/index.ts';
import type { Device } from '../log/entries.ts';
import { type Actor, codeOf, createActor, deviceOf, seededRandom, testId } from '../testing/test-fleet.ts';
import { approvalCode, isSameApprovalCode } from './approval-code.ts';
import { parseApprovalTicket, writeApprovalTicket } from './approval-ticket.ts';
import {
  codeOfNewDevice,
  commitDevice,
  createApprovalNonce,
  type DeviceCommitment,
  openDeviceReveal,
} from './device-approval.ts';

const fleet = sha256Hex(utf8('fleet of approvals'));
let laptop: Actor;
let tablet: Actor;
let own: DeviceCommitment;

const answerOf = (seed: string, by = laptop) => ({
  approver: by.id,
  nonce: createApprovalNonce(seededRandom(`answer ${seed}`)),
});
const commit = (seed: string, device: Device, of = fleet) =>
  commitDevice({ fleet: of, device, random: seededRandom(`commit ${seed}`) });

beforeAll(async () => {
  laptop = await createActor('approving laptop');
  tablet = await createActor('new tablet');
  own = commit('tablet', deviceOf(tablet, 'tablet', 'browser'));
});

const open = (change: Partial<Parameters<typeof openDeviceReveal>[0]> = {}) =>
  openDeviceReveal({ fleet, ...own, answer: answerOf('x'), ...change });

describe('ENR-7: commit, then reveal', () => {
  it('ENR-7: the commitment tells nothing, and the reveal gives the device', () => {
    const { device, code } = unwrap(open());
    expect(device).toEqual(deviceOf(tablet, 'tablet', 'browser'));
    expect(unwrap(codeOfNewDevice(own, answerOf('x'), fleet))).toBe(code);
    expect(own.commitment).toMatch(/^[0-9a-f]{64}$/);
    expect(commit('again', deviceOf(tablet, 'tablet', 'browser')).commitment).not.toBe(own.commitment);
  });

  it('ENR-7: whatever is revealed but what was committed to is refused', () => {
    const other = commit('other', deviceOf(laptop, 'tablet', 'browser'));
    for (const change of [
      { identity: other.identity },
      { nonce: other.nonce },
      { identity: other.identity, nonce: other.nonce },
      { identity: `${own.identity} ` },
      { identity: '\ud800' },
      { nonce: '' },
      { nonce: own.nonce.slice(1) },
      { commitment: '' },
    ])
      expect(codeOf(open(change))).toBe('enrol.broken-commitment');
  });

  it('ENR-7: the bytes are as they were', () => {
    expect(own.commitment).toBe('5c582601ff1d7909661ed952fafa93cb675ffb164d180250303e28cd69dac5e9');
    expect(unwrap(open()).code).toBe('25WH-1Q0X');
  });
});

describe('ENR-8: the code', () => {
  it('ENR-8: is eight characters that nobody mistakes', () => {
    for (let i = 0; i < 200; i++)
      expect(approvalCode({ ...own, fleet, answer: answerOf(String(i)) })).toMatch(
        /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/,
      );
  });

  it('ENR-8: stands for all that both have seen: fleet, keys, nonces', () => {
    const base = { ...own, fleet, answer: answerOf('x') };
    const foreign = commit('tablet', deviceOf(laptop, 'tablet', 'browser'));
    const codes = [
      base,
      { ...base, fleet: sha256Hex(utf8('another')) },
      { ...base, answer: answerOf('y') },
      { ...base, answer: answerOf('x', tablet) },
      { ...base, identity: foreign.identity },
      { ...base, nonce: foreign.nonce.replace(/^./, (char) => (char === 'A' ? 'B' : 'A')) },
      { ...base, identity: commit('tablet', deviceOf(tablet, 'tablet', 'cli')).identity },
    ].map(approvalCode);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('ENR-8: a core that stands between two devices shows them different codes', () => {
    // It answers the new device with a nonce of its own and gives the laptop a device of its own.
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (mine, theirs) => {
        const forged = commit(`core ${mine}`, deviceOf(laptop, 'tablet', 'browser'));
        const atLaptop = unwrap(open({ ...forged, answer: answerOf(`laptop ${theirs}`) })).code;
        const atTablet = unwrap(codeOfNewDevice(own, answerOf(`core ${mine}`), fleet));
        expect(isSameApprovalCode(atTablet, atLaptop)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('ENR-8: an answer without a whole nonce gives no code', () => {
    expect(codeOf(codeOfNewDevice(own, { approver: laptop.id, nonce: 'AAAA' }, fleet))).toBe('enrol.bad-device');
  });
});

describe('ENR-9: what may be approved', () => {
  const reveal = (made: DeviceCommitment) => open({ ...made });
  const changed = (change: Partial<Device>) =>
    commit('changed', { ...deviceOf(tablet, 'tablet', 'browser'), ...change });

  it('ENR-9: another fleet and keys that do not fit are refused', () => {
    const other = commit('other fleet', deviceOf(tablet, 'tablet'), sha256Hex(utf8('another')));
    expect(codeOf(reveal(other))).toBe('enrol.bad-device');
    for (const change of [
      { deviceId: laptop.id },
      { signKey: laptop.key.publicKey },
      { ageRecipient: `${tablet.sealing.recipient.slice(0, -1)}${tablet.sealing.recipient.endsWith('q') ? 'p' : 'q'}` },
      { name: 'a\nb' },
    ])
      expect(codeOf(reveal(changed(change)))).toBe('enrol.bad-device');
  });

  it.each(['desktop', 'cli', 'browser', 'automation'] as const)('ENR-9: %s may be approved', (kind) => {
    expect(unwrap(reveal(changed({ kind }))).device.kind).toBe(kind);
  });

  it('ENR-9: another kind is refused', () => {
    expect(codeOf(reveal(changed({ kind: 'toaster' as never })))).toBe('enrol.bad-device');
  });
});

it('ENR-10: a typed code is read as people type it', () => {
  for (const typed of ['0A1B-1C2D', '0a1b1c2d', ' oalb ic2d ', '0A1B—1C2D'.replace('—', '-')])
    expect(isSameApprovalCode(typed, '0A1B-1C2D')).toBe(true);
  for (const typed of ['', '0A1B-1C2E', '0A1B-1C2', '0A1B-1C2DD', '0'.repeat(100)])
    expect(isSameApprovalCode(typed, '0A1B-1C2D')).toBe(false);
});

describe('ENR-11: a ticket that came past the core', () => {
  const ticket = { request: testId('request'), commitment: sha256Hex(utf8('commitment')) };

  it('ENR-11: is read back, whatever a line break does to it', () => {
    const text = writeApprovalTicket(ticket);
    expect(text).toMatch(/^ovd1_[a-z2-7]{26}_[A-Za-z0-9_-]{43}$/);
    expect(parseApprovalTicket(text)).toEqual(ticket);
    expect(parseApprovalTicket(` ${text.slice(0, 40)}\n  ${text.slice(40)}\n`)).toEqual(ticket);
  });

  it('ENR-11: cut short, longer or begun otherwise it is none: a part of a hash would be a code to guess', () => {
    const text = writeApprovalTicket(ticket);
    for (const other of [text.slice(0, -1), `${text}A`, text.replace('ovd1', 'ovd2'), text.slice(5), 'tablet', ''])
      expect(parseApprovalTicket(other)).toBeUndefined();
  });

  it('ENR-11: what another device revealed does not answer to it, whatever the core lists', () => {
    const other = commit('other', deviceOf(laptop, 'tablet', 'browser'));
    const { commitment } = own;
    expect(codeOf(openDeviceReveal({ fleet, ...other, commitment, answer: answerOf('x') }))).toBe(
      'enrol.broken-commitment',
    );
    expect(unwrap(open()).device.deviceId).toBe(tablet.id);
  });
});
