export type Tone = 'plain' | 'dim' | 'strong' | 'good' | 'warn' | 'bad';

const SGR: Record<Tone, string> = { plain: '', dim: '2', strong: '1', good: '32', warn: '33', bad: '31' };

/** Colours a whole, already harmless line; gives it back unchanged when colours are off. */
export type Style = (tone: Tone, text: string) => string;

/** Colours only on a terminal, and never when NO_COLOR is set to anything (no-color.org) or TERM is dumb. */
export function createStyle(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Style {
  const on = isTerminal && !env.NO_COLOR && env.TERM !== 'dumb';
  return (tone, text) => (on && SGR[tone] !== '' ? `\u001b[${SGR[tone]}m${text}\u001b[0m` : text);
}
