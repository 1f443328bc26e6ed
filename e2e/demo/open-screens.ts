import type { DemoScreens } from './prove-screens.ts';

/** How a person gets from the end of the demo into the screens. `ov` is the owner's command, as it was defined above. */
export function openScreensText({ url, fingerprint }: DemoScreens): string {
  return [
    `The screens: ${url}/`,
    '  The browser warns, because the core made its certificate itself. This is the SHA-256 fingerprint of its public key:',
    `  ${fingerprint.match(/.{4}/g)?.join(' ') ?? fingerprint}`,
    '  Press “Ask to be let in”, then let the browser in from the owner’s command line: it asks for the code that both show.',
    '',
    '    ov device approve',
  ].join('\n');
}
