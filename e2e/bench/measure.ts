import type { Page } from '@playwright/test';

/** What takes longer than this is broken, not slow. */
const PATIENCE_MS = 60_000;

/**
 * Opens an address and gives the time from the start of the navigation until `selector` is there, was painted, and the
 * page has a moment for a person's next key.
 */
export async function timeToInteractive(page: Page, url: string, selector: string): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' });
  const time = page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = (): boolean => {
          if (document.querySelector(wanted) === null) return false;
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
          return true;
        };
        if (look()) return;
        const observer = new MutationObserver(() => look() && observer.disconnect());
        observer.observe(document, { childList: true, subtree: true });
      }),
    selector,
  );
  return soon(time, `${selector} did not come at ${url}`);
}

/** Presses something and gives the time until the text of `watched` has changed and was painted. */
export async function timeOfPress(page: Page, pressed: string, watched: string): Promise<number> {
  const time = page.evaluate(
    ({ press, watch }) =>
      new Promise<number>((resolve, reject) => {
        const target = document.querySelector<HTMLElement>(press);
        if (target === null) return reject(new Error(`${press} is not there`));
        const before = document.querySelector(watch)?.textContent;
        const observer = new MutationObserver(() => {
          const now = document.querySelector(watch)?.textContent;
          if (now === undefined || now === null || now === before) return;
          observer.disconnect();
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
        });
        observer.observe(document.body, { childList: true, subtree: true, characterData: true });
        const began = performance.now();
        target.click();
      }),
    { press: pressed, watch: watched },
  );
  return soon(time, `a press on ${pressed} did not change ${watched}`);
}

/**
 * Types one letter into a field by the keyboard. `echoMs`: from the key until the letter was painted and the page has a
 * moment for the next one; `followedMs`: until `watched` has changed for it and was painted.
 */
export async function timeOfKey(
  page: Page,
  field: string,
  key: string,
  watched: string,
): Promise<{ echoMs: number; followedMs: number }> {
  await page.locator(field).focus();
  const measuring = page.evaluate(
    (watch) =>
      new Promise<{ echoMs: number; followedMs: number }>((resolve) => {
        const painted = (then: () => void) => requestAnimationFrame(() => setTimeout(then));
        let began: number | undefined;
        let echoMs: number | undefined;
        let followedMs: number | undefined;
        const end = (): void => {
          if (echoMs !== undefined && followedMs !== undefined) resolve({ echoMs, followedMs });
        };
        addEventListener('keydown', (event) => (began ??= event.timeStamp), { capture: true, once: true });
        addEventListener(
          'input',
          () =>
            painted(() => {
              echoMs = performance.now() - (began ?? Number.NaN);
              end();
            }),
          { capture: true, once: true },
        );
        const before = document.querySelector(watch)?.textContent;
        const observer = new MutationObserver(() => {
          if (began === undefined || document.querySelector(watch)?.textContent === before) return;
          observer.disconnect();
          painted(() => {
            followedMs = performance.now() - (began ?? Number.NaN);
            end();
          });
        });
        observer.observe(document.body, { childList: true, subtree: true, characterData: true });
        document.documentElement.dataset.measuring = 'yes';
      }),
    watched,
  );
  const time = soon(measuring, `${key} in ${field} did not change ${watched}`);
  await page.waitForFunction(() => document.documentElement.dataset.measuring === 'yes');
  await page.evaluate(() => delete document.documentElement.dataset.measuring);
  await page.keyboard.press(key);
  return time;
}

async function soon<T>(measured: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), PATIENCE_MS);
  });
  try {
    return await Promise.race([measured, late]);
  } finally {
    clearTimeout(timer);
  }
}
