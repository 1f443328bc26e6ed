import { expect, it } from 'vitest';
import { asSentence } from './as-sentence.ts';

it.each([
  ['the core does not answer', 'The core does not answer'],
  ['stopped.', 'Stopped.'],
  ['Take another name.', 'Take another name.'],
  ['feeds.example.com has a record', 'feeds.example.com has a record'],
  ['compose.yaml, line 4', 'compose.yaml, line 4'],
  ['web-2 runs', 'web-2 runs'],
  ['/dev/dri is no volume', '/dev/dri is no volume'],
  ['', ''],
])('%j is shown as %j', (text, shown) => {
  expect(asSentence(text)).toBe(shown);
});
