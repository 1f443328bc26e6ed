import { expect, type Locator, type Page } from '@playwright/test';

/** How many presses of Tab a person may need from one thing to the next. */
const MOST_TABS = 60;

/** Goes on by Tab until a thing has the focus, and checks that a person can see that it has. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses <= MOST_TABS; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      await expectFocusSeen(target);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`${String(target)} was not reached by ${MOST_TABS} presses of Tab`);
}

/** Goes to a button, link or the like, and presses it. */
export async function pressOn(page: Page, target: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Goes to a field and types into it in place of what it holds. */
export async function typeInto(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
  await expect(field).toHaveValue(text);
}

/** The focused element looks other than the same element without the focus: an outline, a ring, another border. */
async function expectFocusSeen(target: Locator): Promise<void> {
  const differs = await target.evaluate((element) => {
    const looks = (of: Element): string => {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderTopColor } = getComputedStyle(of);
      const outline = outlineStyle === 'none' ? '' : `${outlineWidth} ${outlineColor}`;
      return [outline, boxShadow, borderTopColor].join('|');
    };
    const twin = element.cloneNode() as HTMLElement;
    for (const name of ['id', 'name', 'autofocus']) twin.removeAttribute(name);
    // Without its transition, which would show the way instead of the end.
    twin.style.transition = 'none';
    const before = (element as HTMLElement).style.transition;
    (element as HTMLElement).style.transition = 'none';
    element.after(twin);
    const seen = [looks(element), looks(twin)];
    twin.remove();
    (element as HTMLElement).style.transition = before;
    // Switches and radio buttons show their focus on what is drawn beside the hidden input.
    const beside = element.nextElementSibling;
    const ring = beside ? looks(beside) : '';
    return seen[0] !== seen[1] || (element instanceof HTMLInputElement && /^\S+px/.test(ring));
  });
  expect(differs, `the focus on ${String(target)} can be seen`).toBe(true);
}
