import { readFileSync } from 'node:fs';

/** IPv4 networks that the host has a route to, as CIDR; the default route is left out. */
export function readHostRoutes(file = '/proc/net/route'): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return parseHostRoutes(text);
}

/** Reads the kernel's route table: addresses are little-endian hex. */
export function parseHostRoutes(text: string): string[] {
  const routes: string[] = [];
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const destination = fields[1];
    const mask = fields[7];
    if (!destination || !mask || mask === '00000000') continue;
    routes.push(`${toAddress(destination)}/${prefixLength(mask)}`);
  }
  return routes;
}

function toAddress(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return bytes
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
}

function prefixLength(hex: string): number {
  return Number.parseInt(hex, 16).toString(2).replaceAll('0', '').length;
}
