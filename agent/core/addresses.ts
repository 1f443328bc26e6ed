import { err, fault, ok, type Result } from '#shared/kernel/index.ts';
import { type CoreAddress, coreAddressSchema } from '#shared/trust/index.ts';

export const DEFAULT_HTTP_PORT = 7443;
export const DEFAULT_LINK_PORT = 7444;

/**
 * Reads `HOST[:HTTP-PORT[:LINK-PORT]]`; an IPv6 address stands in brackets. Without a link port it is 7444, or the
 * port after the HTTP port when that was given.
 */
export function parseCoreAddress(text: string): Result<CoreAddress> {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const httpPort = match?.[3] === undefined ? DEFAULT_HTTP_PORT : Number(match[3]);
  const given = match?.[4] === undefined ? undefined : Number(match[4]);
  const linkPort = given ?? (match?.[3] === undefined ? DEFAULT_LINK_PORT : httpPort + 1);
  const parsed = coreAddressSchema.safeParse({ host, httpPort, linkPort });
  if (parsed.success) return ok(parsed.data);
  return err(
    fault(
      'core.bad-address',
      'permanent',
      `--address ${text}: it is not HOST[:HTTP-PORT[:LINK-PORT]].`,
      'Give the name or IP address that devices and nodes reach this core at, for instance 192.168.1.10.',
      { field: '--address' },
    ),
  );
}
