import { z } from 'zod';

const boundsSchema = z.object({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().min(1).max(20_000),
  height: z.number().int().min(1).max(20_000),
});
const placeSchema = z.object({ bounds: boundsSchema, maximized: z.boolean() });

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a window stands. Without x and y the system chooses. */
export interface WindowPlace {
  readonly bounds: Rectangle | Pick<Rectangle, 'width' | 'height'>;
  readonly maximized: boolean;
}

const fresh = { bounds: { width: 1_280, height: 840, x: undefined, y: undefined }, maximized: false };

/** How much of a window has to be on a display for a person to grab it. */
const GRAB = { width: 120, height: 60 };

/**
 * Where the window opens: where it was, unless that place is damaged or on a display that is gone; then the system
 * chooses, and it is never larger than the first display.
 */
export function decidePlace(
  saved: unknown,
  displays: readonly Rectangle[],
  min: Pick<Rectangle, 'width' | 'height'>,
): WindowPlace {
  const parsed = placeSchema.safeParse(saved);
  const { bounds, maximized } = parsed.success ? parsed.data : fresh;
  const width = Math.max(min.width, bounds.width);
  const height = Math.max(min.height, bounds.height);
  if (bounds.x !== undefined && bounds.y !== undefined) {
    const wished = { x: bounds.x, y: bounds.y, width, height };
    if (displays.some((display) => canGrab(display, wished))) return { bounds: wished, maximized };
  }
  const [first] = displays;
  const fitted = {
    width: Math.max(min.width, Math.min(width, first?.width ?? width)),
    height: Math.max(min.height, Math.min(height, first?.height ?? height)),
  };
  return { bounds: fitted, maximized };
}

function canGrab(display: Rectangle, window: Rectangle): boolean {
  const right = Math.min(display.x + display.width, window.x + window.width);
  const bottom = Math.min(display.y + display.height, window.y + window.height);
  return (
    right - Math.max(display.x, window.x) >= GRAB.width &&
    // The title bar is on top: a window that only reaches in from above can not be grabbed.
    window.y >= display.y &&
    bottom - window.y >= GRAB.height
  );
}
