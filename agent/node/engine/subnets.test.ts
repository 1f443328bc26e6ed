import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHostRoutes } from './host-routes.ts';
import { chooseSubnet } from './subnets.ts';

const toNumber = (dotted: string) => dotted.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
function span(cidr: string) {
  const [address = '', prefix = ''] = cidr.split('/');
  const size = 2 ** (32 - Number(prefix));
  const first = Math.floor(toNumber(address) / size) * size;
  return { first, last: first + size - 1 };
}
const overlap = (a: string, b: string) => span(a).first <= span(b).last && span(b).first <= span(a).last;

describe('choosing a subnet', () => {
  test('takes the first that is free', () => {
    expect(chooseSubnet('10.213.0.0/16', 26, [])).toEqual({ ok: true, value: '10.213.0.0/26' });
    expect(chooseSubnet('10.213.0.0/16', 26, ['10.213.0.0/26'])).toEqual({ ok: true, value: '10.213.0.64/26' });
    expect(chooseSubnet('10.213.0.0/16', 26, ['10.213.0.16/28'])).toEqual({ ok: true, value: '10.213.0.64/26' });
    expect(chooseSubnet('10.213.0.0/16', 28, ['10.213.0.0/26'])).toEqual({ ok: true, value: '10.213.0.64/28' });
    expect(chooseSubnet('10.0.0.0/8', 26, ['10.0.0.0/9'])).toEqual({ ok: true, value: '10.128.0.0/26' });
  });

  test.each([
    ['10.0.0.0/27', 26, []],
    ['nonsense', 26, []],
    ['10.0.0.0/24', 26, ['10.0.0.0/8']],
    ['fd00::/8', 26, []],
    ['10.0.0.0/26', 26, ['10.0.0.63/32']],
  ])('has none in %s', (range, prefix, taken) => {
    expect(chooseSubnet(range, prefix, taken)).toMatchObject({ ok: false, error: { code: 'network.no-subnet' } });
  });

  test('never overlaps what is taken, always lies in the range, and finds one while there is one', () => {
    const cidr = fc
      .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 20, max: 32 }))
      .map(([third, fourth, prefix]) => `10.9.${third}.${fourth}/${prefix}`);
    fc.assert(
      fc.property(fc.array(cidr, { maxLength: 8 }), fc.constantFrom(26, 28), (taken, prefix) => {
        const range = '10.9.0.0/22';
        const chosen = chooseSubnet(range, prefix, taken);
        const count = 2 ** (prefix - 22);
        const size = 2 ** (32 - prefix);
        const grid = Array.from({ length: count }, (_, at) => ({ first: span(range).first + at * size }));
        const isFree = grid.some(
          (slot) => !taken.some((one) => span(one).first <= slot.first + size - 1 && span(one).last >= slot.first),
        );
        expect(chosen.ok).toBe(isFree);
        if (!chosen.ok) return;
        expect(taken.some((one) => overlap(one, chosen.value))).toBe(false);
        expect(overlap(range, chosen.value)).toBe(true);
      }),
    );
  });
});

test('reads the kernel’s routes and leaves the default one out', () => {
  const table = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'eth0\t00000000\t0A004D0A\t0003\t0\t0\t0\t00000000\t0\t0\t0',
    'eth0\t004D0A0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
    'br0\t0000A8C0\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
    '',
  ].join('\n');
  expect(parseHostRoutes(table)).toEqual(['10.10.77.0/24', '192.168.0.0/16']);
});
