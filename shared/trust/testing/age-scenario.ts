import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { fromBase64Url, sha256Hex, toBase64Url, utf8, utf8ToText } from '#shared/kernel/index.ts';
import { isAgeRecipient } from '../keys/age-recipient.ts';
import { generateSealingKey } from '../sealing/sealing-key.ts';
import { openSecret, type SealedPlaintext, sealSecret } from '../sealing/secret.ts';
import { testId } from './test-fleet.ts';

/** What a sealed copy is for, in every test with another implementation of age. */
const fleet = sha256Hex(utf8('fleet'));
const node = testId('node');
const appId = testId('app');
const name = 'token';

/** An X25519 key, of the kind that age has had from its first day. */
export async function classicKey(): Promise<{ identity: string; recipient: string }> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** A key as nodes and devices make it. */
export const ownKey = () => generateSealingKey();

export const isTaken = isAgeRecipient;

/** The text that a nodeCopy of this value has inside. */
export function plaintextOf(value: string): string {
  return JSON.stringify(contentOf(value));
}

/** Seals a value as a nodeCopy. */
export function seal(value: string, recipients: readonly string[]): Promise<Uint8Array> {
  return sealSecret(contentOf(value), recipients);
}

/** Opens a nodeCopy as a node does; the text, or the code of the refusal. */
export async function open(sealed: Uint8Array, identity: string): Promise<string> {
  const opened = await openSecret(sealed, identity, { fleet, node, appId, name, version: 1 });
  return opened.ok ? utf8ToText(opened.value) : opened.error.code;
}

/** The value inside the text of a nodeCopy. */
export function valueIn(plaintext: string): string {
  const { value } = JSON.parse(plaintext) as SealedPlaintext;
  return utf8ToText(fromBase64Url(value) ?? new Uint8Array());
}

function contentOf(value: string): SealedPlaintext {
  return { v: 1, fleet, node, apps: [appId], name, version: 1, value: toBase64Url(utf8(value)) };
}
