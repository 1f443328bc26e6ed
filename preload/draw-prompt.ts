import type { PromptAnswer, PromptView } from '#shared/contracts/ipc/prompt.ts';

/** The shortest passphrase that is taken as a new one, in characters; the main process checks it too. */
const MIN_PASSPHRASE_LENGTH = 10;

/**
 * Draws a prompt as text nodes only and answers once a button was pressed. The cancelling button has the focus, Escape
 * cancels, and the confirming one stays dead for `armAfterMs`.
 */
export function drawPrompt(document: Document, view: PromptView, answer: (answer: PromptAnswer) => void): void {
  const element = <K extends keyof HTMLElementTagNameMap>(name: K, text?: string): HTMLElementTagNameMap[K] => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    return made;
  };
  document.title = view.title;

  const main = element('main');
  main.append(element('h1', view.title), ...view.text.map((sentence) => element('p', sentence)));
  for (const group of view.groups) {
    const section = element('section');
    section.className = group.tone;
    const list = element('ul');
    list.append(...group.lines.map((line) => element('li', line)));
    section.append(element('h2', group.heading), list);
    main.append(section);
  }

  const field = (words: string): HTMLInputElement => {
    const label = element('label', words);
    const input = element('input');
    input.type = 'password';
    input.autocomplete = 'off';
    label.append(input);
    main.append(label);
    return input;
  };
  const wish = view.passphrase;
  const first = wish === 'none' ? null : field(wish === 'choose' ? 'New passphrase' : 'Passphrase');
  const second = wish === 'choose' ? field('The same again') : null;
  const problem = element('p');
  problem.setAttribute('role', 'alert');
  main.append(problem);

  const cancel = element('button', view.cancel);
  const confirm = element('button', view.confirm);
  confirm.className = 'confirm';
  confirm.disabled = true;
  const footer = element('footer');
  footer.append(cancel, confirm);

  const refuse = (): void => answer({ answer: 'cancelled' });
  const agree = (): void => {
    if (confirm.disabled) return;
    const passphrase = first?.value ?? null;
    problem.textContent = problemOf(passphrase, second?.value ?? null);
    if (problem.textContent === '') answer({ answer: 'confirmed', passphrase });
  };
  cancel.addEventListener('click', refuse);
  confirm.addEventListener('click', agree);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') refuse();
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) agree();
  });

  document.body.replaceChildren(main, footer);
  (first ?? cancel).focus();
  setTimeout(() => {
    confirm.disabled = false;
  }, view.armAfterMs);
}

function problemOf(passphrase: string | null, again: string | null): string {
  if (passphrase === '') return 'Type the passphrase.';
  if (passphrase === null || again === null) return '';
  if (passphrase.length < MIN_PASSPHRASE_LENGTH) {
    return `Take at least ${MIN_PASSPHRASE_LENGTH} characters; four or more random words are easy to type and hard to guess.`;
  }
  return passphrase === again ? '' : 'The two differ.';
}
