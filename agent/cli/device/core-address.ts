import { parseCoreAddress, type TypedAddress } from '#shared/device/index.ts';
import { err, ok, type Result } from '#shared/kernel/index.ts';
import { badOption, numberOption, type VerbInput } from '../options.ts';

/** Reads HOST:7443 or https://HOST:7443, and --link-port beside it. */
export function readCoreAddress(typed: string, input: VerbInput): Result<TypedAddress> {
  if (typed === '') return err(badOption('cli.missing-option', '--core', 'is needed', 'Give the address of the core.'));
  const linkPort = numberOption(input, 'linkPort', '--link-port', 1, 65_535);
  if (!linkPort.ok) return linkPort;
  const address = parseCoreAddress(typed);
  if (address !== undefined) return ok({ ...address, linkPort: linkPort.value });
  const text = `"${typed}" is not an address of a core`;
  return err(badOption('cli.bad-option', '--core', text, 'Write HOST:7443 or https://HOST:7443.'));
}
