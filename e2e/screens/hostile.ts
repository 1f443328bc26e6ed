import { expect } from 'vitest';
import type { ScreensBrowser } from './browser.ts';

/** Texts that would run, hide or turn something where a page took them for more than text. Each fits one line. */
export const hostileTexts = {
  image: '<img src=x onerror=window.harmed=1>',
  script: '"><script>window.harmed=2</script>',
  link: 'javascript:window.harmed=3',
  template: '{{constructor.constructor("window.harmed=4")()}}',
  bidi: 'user‮gpj.exe',
} as const;

/**
 * A service whose log holds what terminals obey (colours, the clipboard by OSC 52, links by OSC 8), markup, bidi marks,
 * and about a thousand lines a second.
 */
export const hostileLog = `services:
  noise:
    image: busybox:1.36
    init: true
    command:
      - awk
      - |
        BEGIN {
          for (;;) {
            if (n % 5000 == 0) {
              print "hostile 1 \\033]52;c;aGFybWVk\\007 set the clipboard"
              print "hostile 2 \\033]8;;https://evil.lab.example/\\007a link\\033]8;;\\007 \\033[31mred\\033[2J"
              print "hostile 3 <img src=x onerror=window.harmed=1>"
              print "hostile 4 user\\342\\200\\256gpj.exe"
            }
            for (i = 0; i < 100; i++) print "a flood of lines: line " n++
            fflush()
            system("usleep 90000")
          }
        }
`;

const untouched = 'what the person had copied';

/** From now on the browser tells when something ran that should have been text. */
export async function watchForHarm({ context, page }: ScreensBrowser): Promise<void> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(page.url()).origin });
  await page.evaluate((text) => navigator.clipboard.writeText(text), untouched);
  page.on('dialog', (dialog) => {
    void dialog.dismiss();
    throw new Error(`a dialog opened: ${dialog.message()}`);
  });
}

/** Nothing ran, nothing foreign was loaded, and the clipboard is as it was. */
export async function expectHarmless({ page }: ScreensBrowser): Promise<void> {
  const seen = await page.evaluate(async () => ({
    harmed: (globalThis as { harmed?: number }).harmed ?? null,
    images: [...document.images].map((image) => image.src).filter((src) => src.endsWith('/x')),
    clipboard: await navigator.clipboard.readText(),
  }));
  expect(seen).toEqual({ harmed: null, images: [], clipboard: untouched });
}
