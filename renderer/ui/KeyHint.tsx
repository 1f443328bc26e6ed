import { Kbd } from '@mantine/core';
import { Fragment } from 'react';
import classes from './KeyHint.module.css';

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

const signs: Record<string, string> = {
  mod: isApple ? '⌘' : 'Ctrl',
  enter: '⏎',
  up: '↑',
  down: '↓',
  esc: 'Esc',
};

/** Keys as they are pressed: `mod+k` together, `g a` one after the other. Hidden where there is no keyboard. */
export function KeyHint({ keys }: { keys: string }) {
  return (
    <span className={classes.keys} aria-hidden>
      {keys.split(' ').map((chord, index) => (
        // Keys of one hint never change their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: a hint is a constant
        <Fragment key={index}>
          {chord.split('+').map((key) => (
            <Kbd key={key} size="xs">
              {signs[key] ?? key.toUpperCase()}
            </Kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
