import { err, fault, ok, type Result } from '#shared/kernel/index.ts';

/**
 * The first free IPv4 subnet of `prefix` bits in `range`, or a fault. `taken` are the networks of the host and of the
 * engine; the engine's own default pools end at the 32nd network, which is why every network gets its subnet from us.
 */
export function chooseSubnet(range: string, prefix: number, taken: readonly string[]): Result<string> {
  const whole = parseCidr(range);
  const used = taken.map(parseCidr).filter((cidr) => cidr !== undefined);
  if (!whole || whole.prefix > prefix) return err(noSpace(range, 'it is not an IPv4 range that large'));
  const size = 2 ** (32 - prefix);
  const last = whole.first + 2 ** (32 - whole.prefix) - 1;
  let candidate = whole.first;
  while (candidate + size - 1 <= last) {
    const end = candidate + size - 1;
    const clash = used.find((cidr) => cidr.first <= end && cidr.last >= candidate);
    if (!clash) return ok(`${toDotted(candidate)}/${prefix}`);
    // Jump behind what is in the way, back onto our own grid.
    candidate = whole.first + Math.ceil((clash.last + 1 - whole.first) / size) * size;
  }
  return err(noSpace(range, 'every part of it is taken'));
}

function noSpace(range: string, why: string) {
  return fault(
    'network.no-subnet',
    'permanent',
    `No address range is left for a network of this app in ${range}: ${why}.`,
    'Set a larger address range for apps on this node that your LAN does not use.',
    { field: 'addressRange' },
  );
}

interface Cidr {
  first: number;
  last: number;
  prefix: number;
}

function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((byte) => byte > 255) || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1, prefix };
}

function toDotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
