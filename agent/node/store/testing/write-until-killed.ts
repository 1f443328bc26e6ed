/** Runs as a process of its own: accepts releases as fast as it can and says each only after the store said so. */
import { sha256Hex, utf8 } from '#shared/kernel/index.ts';
import { generateSigningKey, itemHash, signEnvelope } from '#shared/trust/index.ts';
import { createNodeAudit } from '../../audit/node-audit.ts';
import { openNodeStore } from '../node-store.ts';

const [dataDir = '', appId = ''] = process.argv.slice(2);
const store = openNodeStore(dataDir);
const { signer } = await generateSigningKey();
const fleet = 'f'.repeat(64);
const audit = createNodeAudit({
  store,
  signer,
  fleet,
  clock: { nowMs: () => Date.now() },
  trustHead: () => fleet,
  coreAuditHead: () => null,
});
for (let number = (store.releases.newest(appId)?.number ?? 0) + 1; ; number++) {
  const body = utf8(`{"number":${number}}`);
  const envelope = await signEnvelope('enrol', { fleet, number }, signer);
  const header = itemHash(envelope);
  await audit.append({ action: 'accepted', subject: { number: String(number) }, order: header }, () => {
    store.objects.put(sha256Hex(body), body);
    const acceptedAt = new Date().toISOString();
    const release = { header, appId, number, envelope, body: sha256Hex(body), acceptedAt, ownerBase: null };
    store.releases.accept({ ...release, content: null }, []);
  });
  process.stdout.write(`${number} ${header}\n`);
}
