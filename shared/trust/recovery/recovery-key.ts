import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { err, fault, ok, type Random, type Result, utf8 } from '#shared/kernel/index.ts';
import { type Signer, signerFromSeed } from '../keys/signing-key.ts';
import { sealingKeyFromSeed } from '../sealing/sealing-key.ts';

const WORD_COUNT = 24;

/** A fleet has its words once; every other start of a device can do without the list of all words. */
async function loadWords() {
  const [bip39, { wordlist }] = await Promise.all([
    import('@scure/bip39'),
    import('@scure/bip39/wordlists/english.js'),
  ]);
  return { ...bip39, wordlist };
}

export interface RecoveryKeys {
  readonly signer: Signer;
  /** base64url */
  readonly signKey: string;
  /** age identity that opens every ownerCopy. */
  readonly identity: string;
  readonly ageRecipient: string;
}

/** REC-1: new recovery words. Only the public halves go into the genesis; the words are shown once. */
export async function createRecovery(
  random: Random,
): Promise<{ words: readonly string[]; signKey: string; ageRecipient: string }> {
  const { entropyToMnemonic, wordlist } = await loadWords();
  const entropy = random.bytes(32);
  const { signKey, ageRecipient } = await keysOf(entropy);
  return { words: entropyToMnemonic(entropy, wordlist).split(' '), signKey, ageRecipient };
}

/** REC-2: the keys of 24 words, as a person typed them. The fault says which word is unknown. */
export async function recoveryFromWords(words: string | readonly string[]): Promise<Result<RecoveryKeys>> {
  const text = (typeof words === 'string' ? words : words.join(' ')).slice(0, 1_024);
  const list = text.normalize('NFKD').toLowerCase().split(/\s+/).filter(Boolean);
  if (list.length !== WORD_COUNT) return err(badWords(`there are ${list.length} words, not ${WORD_COUNT}`));
  const { mnemonicToEntropy, validateMnemonic, wordlist } = await loadWords();
  const unknown = list.findIndex((word) => !wordlist.includes(word));
  if (unknown >= 0) return err(badWords(`word ${unknown + 1} is not in the list`));
  const phrase = list.join(' ');
  if (!validateMnemonic(phrase, wordlist)) return err(badWords('two words are swapped or one is another'));
  return ok(await keysOf(mnemonicToEntropy(phrase, wordlist)));
}

async function keysOf(entropy: Uint8Array): Promise<RecoveryKeys> {
  const derive = (info: string) => hkdf(sha256, entropy, undefined, utf8(info), 32);
  const { signer, publicKey } = await signerFromSeed(derive('overseer/recovery/sign/v1'));
  const { identity, recipient } = await sealingKeyFromSeed(derive('overseer/recovery/seal/v1'));
  return { signer, signKey: publicKey, identity, ageRecipient: recipient };
}

/** The words themselves never stand in a fault: faults are logged. */
function badWords(why: string) {
  return fault(
    'recovery.bad-words',
    'permanent',
    `these are not the recovery words: ${why}`,
    'check what you wrote down',
  );
}
