import { type ExposedSecret, readerName } from '#shared/device/index.ts';
import type { TrustState } from '#shared/trust/index.ts';
import type { Output } from '../output/output.ts';

const HOW: Record<ExposedSecret['by'], string> = {
  node: 'its own sealed copy',
  owner: "the copy for owners' devices",
  deploy: 'it may deploy the app',
};

/** Prints which secrets somebody could read, and what to do about each. */
export function printExposed(out: Output, trust: TrustState, exposed: readonly ExposedSecret[]): void {
  out.table(
    ['who', 'app', 'secret', 'version', 'by'],
    exposed.map(({ reader, app, name, version, by }) => [
      readerName(trust, reader),
      app,
      name,
      String(version),
      HOW[by],
    ]),
  );
  out.line('Give each another value (where it came from first, if it opens a door elsewhere), then deploy:', 'warn');
  for (const next of new Set(exposed.map((one) => one.next))) out.line(`  ${next}`);
}

/** The same for a script. */
export function toExposedJson(trust: TrustState, exposed: readonly ExposedSecret[]) {
  return exposed.map((one) => ({ ...one, reader: { ...one.reader, name: readerName(trust, one.reader) } }));
}
