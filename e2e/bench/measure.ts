import type { Page } from '@playwright/test';

/** What a press before it set off is over by then: nobody presses twice in so short a time. */
const REST_MS = 250;

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

/**
 * Presses something on a page at rest, at the start of a frame, and gives the time until the text of `watched` has changed, was painted,
 * and the page has a moment for the next press: one frame at best.
 */
export async function timeOfPress(page: Page, pressed: string, watched: string): Promise<number> {
  await page.waitForTimeout(REST_MS);
  const time = page.evaluate(
    ({ press, watch }) =>
      new Promise<number>((resolve, reject) => {
        const painted = (then: () => void) => requestAnimationFrame(() => setTimeout(then));
        const target = document.querySelector<HTMLElement>(press);
        if (target === null) return reject(new Error(`${press} is not there`));
        // Frames must follow one another: the first one after a rest comes as soon as it is asked for, so its press would
        // find the next one at any distance.
        painted(() =>
          painted(() => {
            const before = document.querySelector(watch)?.textContent;
            const observer = new MutationObserver(() => {
              const now = document.querySelector(watch)?.textContent;
              if (now === undefined || now === null || now === before) return;
              observer.disconnect();
              painted(() => resolve(performance.now() - began));
            });
            observer.observe(document.body, { childList: true, subtree: true, characterData: true });
            const began = performance.now();
            target.click();
          }),
        );
      }),
    { press: pressed, watch: watched },
  );
  return soon(time, `a press on ${pressed} did not change ${watched}`);
}

/** Types one letter by the keyboard, and gives the time from the key until it was painted and the page has a moment for the next. */
export async function timeOfEcho(page: Page, key: string): Promise<number> {
  const time = soon(
    page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let began = Number.NaN;
          const once = { capture: true, once: true };
          addEventListener('keydown', (event) => (began = event.timeStamp), once);
          const painted = () => setTimeout(() => resolve(performance.now() - began));
          addEventListener('input', () => requestAnimationFrame(painted), once);
          document.documentElement.dataset.measuring = 'yes';
        }),
    ),
    `${key} reached no field`,
  );
  await ready(page);
  await page.keyboard.press(key);
  return time;
}

/** Types one letter by the keyboard, and gives the time until the text of `watched` has changed for it and was painted. */
export async function timeToFollow(page: Page, key: string, watched: string): Promise<number> {
  const time = soon(
    page.evaluate(
      (watch) =>
        new Promise<number>((resolve) => {
          let began: number | undefined;
          addEventListener('keydown', (event) => (began = event.timeStamp), { capture: true, once: true });
          const before = document.querySelector(watch)?.textContent;
          const observer = new MutationObserver(() => {
            if (began === undefined || document.querySelector(watch)?.textContent === before) return;
            observer.disconnect();
            const from = began;
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)));
          });
          observer.observe(document.body, { childList: true, subtree: true, characterData: true });
          document.documentElement.dataset.measuring = 'yes';
        }),
      watched,
    ),
    `${key} did not change ${watched}`,
  );
  await ready(page);
  await page.keyboard.press(key);
  return time;
}

/** The page listens for the key. */
async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.dataset.measuring === 'yes');
  await page.evaluate(() => delete document.documentElement.dataset.measuring);
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
