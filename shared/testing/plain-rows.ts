import type { DeviceStore } from '#shared/device/index.ts';
import { fromBase64Url } from '#shared/kernel/index.ts';

/** Everything that the rows of a store say to whoever reads them, for tests that look for what must not stand there. */
export async function plainRows(store: DeviceStore): Promise<string> {
  const rows = await store.rows.loadRows();
  return rows
    .map(({ envelope }) => {
      const { update } = JSON.parse(atob(envelope.payload)) as { update: string };
      return String.fromCharCode(...(fromBase64Url(update) ?? []));
    })
    .join('\n');
}
