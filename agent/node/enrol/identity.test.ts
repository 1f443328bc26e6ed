import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadIdentity, loadOrCreateIdentity } from './identity.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'identity-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('P7: a node that joins makes a hybrid key for the secrets that are sealed to it, once', async () => {
  const made = await loadOrCreateIdentity(folder);
  expect(made.ageRecipient).toMatch(/^age1pq1/);
  expect(made.ageIdentity).toMatch(/^AGE-SECRET-KEY-PQ-1/);
  expect(await loadOrCreateIdentity(folder)).toMatchObject({ ageRecipient: made.ageRecipient, nodeId: made.nodeId });
});

it('P7: a node that joined with an X25519 key keeps it: what is sealed to it goes on opening', async () => {
  await loadOrCreateIdentity(folder);
  const path = join(folder, 'identity.json');
  const ageIdentity = await generateX25519Identity();
  const ageRecipient = await identityToRecipient(ageIdentity);
  const file = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...file, ageIdentity, ageRecipient }));
  expect(await loadOrCreateIdentity(folder)).toMatchObject({ ageIdentity, ageRecipient });
  expect(await loadIdentity(folder)).toMatchObject({ ageIdentity });
});
