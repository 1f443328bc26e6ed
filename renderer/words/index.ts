import { app } from './app.ts';
import { overview } from './overview.ts';
import { review } from './review.ts';
import { ui } from './ui.ts';

/** All words of the screens, in English. Each context has its own file beside this one. */
export const words = { app, overview, review, ui } as const;
