/**
 * What the desktop's main process and its preload scripts say to each other beside the bridge. A page of ours lives at
 * `overseer://app/`, a prompt of the main process at `overseer://prompt/`; nothing else is ever loaded.
 */
export const DESKTOP_SCHEME = 'overseer';
export const APP_ORIGIN = `${DESKTOP_SCHEME}://app`;
export const PROMPT_ORIGIN = `${DESKTOP_SCHEME}://prompt`;

/** Sent by the preload script of a page with one MessagePort: the bridge runs over it. */
export const CONNECT_CHANNEL = 'overseer:connect';
/** Asked by the preload script of a prompt: what to show. */
export const PROMPT_CHANNEL = 'overseer:prompt';
/** Sent by the preload script of a prompt, once: what the person chose. */
export const PROMPT_ANSWER_CHANNEL = 'overseer:prompt-answer';
