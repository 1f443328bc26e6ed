import { describe, expect, it } from 'vitest';
import { type AppView, parseAppView } from './app-view.ts';
import { automationLines } from './automation-lines.ts';
import { followLines } from './follow-lines.ts';
import { appBodySchema } from './release-body.ts';

const composeOf = (image: string) => `services:\n  web:\n    image: ${image}\n`;
const bodyOf = (image: string, level: string) =>
  appBodySchema.parse({
    v: 1,
    kind: 'app',
    name: 'web',
    state: 'running',
    compose: composeOf(image),
    env: { LEVEL: level },
    images: { web: { ref: image, digest: null } },
  });
const viewOf = (image: string, level: string): AppView => {
  const id = 'a'.repeat(26);
  const read = parseAppView(id, {
    fields: { name: 'web', compose: composeOf(image) },
    collections: { env: [{ id, fields: { key: 'LEVEL', value: level } }] },
    clashes: [],
  } as never);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
};
const shown = ({ compose, env }: AppView) => [/image: (.*)/.exec(compose)?.[1], env[0]?.value];
const lines = automationLines(bodyOf('app:1', 'info'), bodyOf('app:3', 'debug'));

describe('P2: desired state beside what automation signs', () => {
  it('P2: follows it where nobody wrote anything else', () => {
    expect(shown(followLines(viewOf('app:1', 'info'), lines))).toEqual(['app:3', 'debug']);
  });

  it("P2: a person's own edit stays", () => {
    expect(shown(followLines(viewOf('app:2', 'info'), lines))).toEqual(['app:2', 'debug']);
    expect(shown(followLines(viewOf('app:1', 'warn'), lines))).toEqual(['app:3', 'warn']);
  });

  it('P2: a variable that automation brought stays', () => {
    const before = bodyOf('app:1', 'info');
    const brought = automationLines(before, { ...before, env: { ...before.env, BUILD: '42' } });
    expect(followLines(viewOf('app:1', 'info'), brought).env.map(({ key, value }) => `${key}=${value}`)).toEqual([
      'LEVEL=info',
      'BUILD=42',
    ]);
  });

  it('P2: without a line of automation nothing is touched', () => {
    expect(automationLines(bodyOf('app:1', 'info'), bodyOf('app:1', 'info'))).toBeNull();
    const view = viewOf('app:1', 'info');
    expect(followLines(view, null)).toBe(view);
    const other = automationLines(bodyOf('app:1', 'info'), { ...bodyOf('app:1', 'info'), state: 'stopped' });
    expect(other).toBeNull();
  });
});
