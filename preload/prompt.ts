import { ipcRenderer } from 'electron';
import { PROMPT_ANSWER_CHANNEL, PROMPT_CHANNEL } from '#shared/contracts/ipc/desktop.ts';
import type { PromptView } from '#shared/contracts/ipc/prompt.ts';
import { drawPrompt } from './draw-prompt.ts';

/** The preload script of prompts: draws what the main process gives and sends one answer. The page gets nothing of it. */
async function start(): Promise<void> {
  const view: PromptView | null = await ipcRenderer.invoke(PROMPT_CHANNEL);
  if (view === null) return;
  let sent = false;
  drawPrompt(document, view, (answer) => {
    if (sent) return;
    sent = true;
    ipcRenderer.send(PROMPT_ANSWER_CHANNEL, answer);
  });
}

document.addEventListener('DOMContentLoaded', () => void start());
