import type { PromptView } from '#shared/contracts/ipc/prompt.ts';
import type { Prompter } from '../bridge/ask-person.ts';
import type { AskPassphrase } from '../keychain/key-vault.ts';
import { passphraseOf } from './prompt-window.ts';

/** What is shown when a passphrase is needed; `why` is the reason, or what was wrong with the last one. */
export function passphraseToPrompt(about: { readonly choose: boolean; readonly why: string | null }): PromptView {
  const reason = about.why ? [`${about.why[0]?.toUpperCase()}${about.why.slice(1)}.`] : [];
  return {
    title: about.choose ? 'Choose a passphrase' : 'Unlock Overseer',
    text: about.choose
      ? [...reason, 'It seals the keys of this device and is asked at each start. Nobody can bring it back for you.']
      : [...reason, 'The keys of this device are sealed with your passphrase.'],
    groups: [],
    passphrase: about.choose ? 'choose' : 'ask',
    confirm: about.choose ? 'Use this passphrase' : 'Unlock',
    cancel: 'Cancel',
    armAfterMs: 0,
  };
}

/** Asks by a prompt. */
export function createPassphrasePrompt(prompter: Prompter): AskPassphrase {
  return async (about) => passphraseOf(await prompter.show(passphraseToPrompt(about)));
}
