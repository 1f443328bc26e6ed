export type Tone = 'plain' | 'dim' | 'strong' | 'good' | 'warn' | 'bad' | 'paper';

/** `paper` is white on black: what is drawn by light squares looks the same on a light and on a dark terminal. */
const SGR: Record<Tone, string> = {
  plain: '',
  dim: '2',
  strong: '1',
  good: '32',
  warn: '33',
  bad: '31',
  paper: '97;40',
};

/** Colours a whole, already harmless line; gives it back unchanged when colours are off. */
export type Style = (tone: Tone, text: string) => string;

/** Colours only on a terminal, and never when NO_COLOR is set to anything (no-color.org) or TERM is dumb. */
export function createStyle(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Style {
  const on = isTerminal && !env.NO_COLOR && env.TERM !== 'dumb';
  return (tone, text) => (on && SGR[tone] !== '' ? `\u001b[${SGR[tone]}m${text}\u001b[0m` : text);
}
