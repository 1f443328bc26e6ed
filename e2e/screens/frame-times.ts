import type { Page } from '@playwright/test';

/**
 * Watches a page for a while: how long each frame took to come, in milliseconds, and by how many lines the log that is
 * in sight went on.
 */
export async function frameTimes(page: Page, forMs: number): Promise<{ frames: number[]; lines: number }> {
  return page.evaluate(
    (ms) =>
      new Promise<{ frames: number[]; lines: number }>((resolve) => {
        const newest = () => {
          const found = [...(document.querySelector('[role=log]')?.textContent ?? '').matchAll(/line (\d+)/g)];
          return Math.max(0, ...found.map((match) => Number(match[1])));
        };
        const first = newest();
        const frames: number[] = [];
        const began = performance.now();
        let last = began;
        const frame = (now: number): void => {
          frames.push(now - last);
          last = now;
          if (now - began < ms) requestAnimationFrame(frame);
          else resolve({ frames, lines: newest() - first });
        };
        requestAnimationFrame(frame);
      }),
    forMs,
  );
}
