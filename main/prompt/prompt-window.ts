import { PROMPT_ANSWER_CHANNEL, PROMPT_CHANNEL, PROMPT_ORIGIN } from '#shared/contracts/ipc/desktop.ts';
import { type PromptAnswer, type PromptView, promptAnswerSchema } from '#shared/contracts/ipc/prompt.ts';
import { PROMPT_TIMEOUT_MS, type Prompter } from '../bridge/ask-person.ts';
import { isFrom } from '../bridge/sender.ts';
import type { AppWindow, ElectronApi } from '../electron-api.ts';
import { promptWindowOptions } from '../windows/window-options.ts';

type Outcome = Awaited<ReturnType<Prompter['show']>>;

interface Open {
  readonly window: AppWindow;
  readonly view: PromptView;
  settle(outcome: Outcome): void;
}

/**
 * Shows prompts in small windows of the main process, one at a time. Their page is static, their preload script draws
 * text only, and only an answer from that very window counts, once: what comes later or from elsewhere is not heard.
 */
export function createPrompter(
  electron: Pick<ElectronApi, 'BrowserWindow' | 'ipcMain'>,
  about: { readonly preload: string; readonly after: (delayMs: number, run: () => void) => () => void },
): Prompter {
  let open: Open | null = null;
  electron.ipcMain.handle(PROMPT_CHANNEL, (event) =>
    open && isFrom(event, open.window, PROMPT_ORIGIN) ? open.view : null,
  );
  electron.ipcMain.on(PROMPT_ANSWER_CHANNEL, (event, raw) => {
    if (!open || !isFrom(event, open.window, PROMPT_ORIGIN)) return;
    const answer = promptAnswerSchema.safeParse(raw);
    if (answer.success) open.settle(answer.data);
  });

  const openOne = (view: PromptView): Promise<Outcome> =>
    new Promise((resolve) => {
      const window = new electron.BrowserWindow(promptWindowOptions(about.preload, view.title));
      window.removeMenu();
      const callOff = about.after(PROMPT_TIMEOUT_MS, () => settle({ answer: 'timed-out' }));
      let over = false;
      const settle = (outcome: Outcome): void => {
        if (over) return;
        over = true;
        callOff();
        open = null;
        if (!window.isDestroyed()) window.destroy();
        resolve(outcome);
      };
      open = { window, view, settle };
      window.on('closed', () => settle({ answer: 'closed' }));
      window.webContents.on('render-process-gone', () => settle({ answer: 'closed' }));
      window.on('ready-to-show', () => {
        window.show();
        window.focus();
      });
      window.loadURL(`${PROMPT_ORIGIN}/`).catch(() => settle({ answer: 'closed' }));
    });

  // Questions of the main process itself (a passphrase) and of pages wait for each other.
  let last: Promise<unknown> = Promise.resolve();
  return {
    show(view) {
      const shown = last.then(() => openOne(view));
      // One that could not be opened is the caller's news; the next one is asked all the same.
      last = shown.catch(() => undefined);
      return shown;
    },
    focus: () => open?.window.focus(),
  };
}

/** The passphrase of an answer, or null when the person did not give one. */
export function passphraseOf(outcome: Outcome): string | null {
  return outcome.answer === 'confirmed' ? (outcome as Extract<PromptAnswer, { answer: 'confirmed' }>).passphrase : null;
}
