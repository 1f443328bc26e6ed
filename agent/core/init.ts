import { isoTime, ok, type Result, systemClock, systemRandom } from '#shared/kernel/index.ts';
import { certificateNames, createTlsCertificate, createTlsIdentity } from '#shared/node/tls-identity.ts';
import { type CoreAddress, createSetupCode } from '#shared/trust/index.ts';
import { FLEET_KEY } from './audit/audit-log.ts';
import { type CoreFolder, readCoreFolder, writeCertificate, writeCoreFolder, writeSettings } from './core-folder.ts';
import { openSqliteStore } from './store/sqlite-store.ts';
import { SETUP_HASH_KEY } from './usecases/claim-core.ts';

const COMMON_NAME = 'overseer core';

export interface InitResult {
  readonly folder: string;
  readonly spki: string;
  readonly addresses: readonly CoreAddress[];
  /** The setup code, when one was made now. It is kept nowhere. */
  readonly setupCode: string | null;
  /** What was here before. */
  readonly found: 'nothing' | 'unclaimed' | 'claimed';
}

/**
 * Makes a core's data folder: TLS identity, store, setup code. On a folder that has one it changes nothing but the
 * addresses that were given, in the certificate too, and makes a new setup code only when asked and not yet claimed.
 */
export async function initCore(about: {
  folder: string;
  addresses: readonly CoreAddress[];
  newSetupCode: boolean;
}): Promise<Result<InitResult>> {
  const { folder } = about;
  const read = await readCoreFolder(folder);
  if (!read.ok) return read;
  let { addresses } = about;
  let spki = read.value?.spki;
  if (read.value === undefined || spki === undefined) {
    const hosts = addresses.map((address) => address.host);
    const tls = await createTlsIdentity({ commonName: COMMON_NAME, hosts });
    const settings = { v: 1 as const, addresses: [...addresses], createdAt: isoTime(systemClock) };
    const written = await writeCoreFolder(folder, settings, tls);
    if (!written.ok) return written;
    spki = tls.spki;
  } else if (addresses.length > 0) {
    await nameInCertificate(read.value, addresses);
    await writeSettings(folder, { ...read.value.settings, addresses: [...addresses] });
  } else addresses = read.value.settings.addresses;

  const opened = openSqliteStore(folder);
  if (!opened.ok) return opened;
  const store = opened.value;
  try {
    const claimed = (await store.durable.read.getMeta(FLEET_KEY)) !== undefined;
    const hasCode = (await store.durable.read.getMeta(SETUP_HASH_KEY)) !== undefined;
    const found = read.value === undefined ? 'nothing' : claimed ? 'claimed' : 'unclaimed';
    if (claimed || (hasCode && !about.newSetupCode)) return ok({ folder, spki, addresses, setupCode: null, found });
    const { code, secretHash } = createSetupCode(spki, systemRandom);
    await store.durable.write((tx) => tx.setMeta(SETUP_HASH_KEY, secretHash));
    return ok({ folder, spki, addresses, setupCode: code, found });
  } finally {
    await store.close();
  }
}

/**
 * A browser refuses, for good, a page at an address that the certificate does not name: even a person who goes on past
 * the warning gets no service worker. The key stays, so devices and nodes notice nothing.
 */
async function nameInCertificate(found: CoreFolder, addresses: readonly CoreAddress[]): Promise<void> {
  const hosts = addresses.map((address) => address.host);
  if (hosts.every((host) => certificateNames(found.tlsCert, host))) return;
  await writeCertificate(found.folder, await createTlsCertificate(found.tlsKey, { commonName: COMMON_NAME, hosts }));
}
