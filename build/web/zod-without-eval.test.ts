import { createContext, runInContext } from 'node:vm';
import { build, type Rolldown } from 'vite';
import { expect, it } from 'vitest';
import { withoutEval, zodWithoutEval } from './zod-without-eval.ts';

const source = 'import { z } from "zod"; globalThis.said = z.object({ a: z.string() }).parse({ a: "x" }).a;';

/** How often a script that parses with zod asks for `Function`, as the policy of the page would see it. */
async function functionsMade(plugins: readonly ReturnType<typeof zodWithoutEval>[]): Promise<number> {
  const entry = {
    name: 'entry',
    resolveId: (id: string) => (id === 'entry' ? id : undefined),
    load: (id: string) => (id === 'entry' ? source : undefined),
  };
  const { output } = (await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [entry, ...plugins],
    build: { write: false, rolldownOptions: { input: 'entry', output: { format: 'iife' } } },
  })) as Rolldown.RolldownOutput;
  let made = 0;
  const counting = function counting() {
    made += 1;
    throw new EvalError('refused by the policy');
  };
  const context = createContext({ URL, navigator: { userAgent: '' } });
  const code = output.map((one) => (one.type === 'chunk' ? one.code : '')).join('');
  // The intrinsic stays what it is; only the name that code has to use for it is another.
  runInContext('(stub) => { globalThis.Function = stub; }', context)(counting);
  runInContext(code, context);
  expect((context as { said?: string }).said).toBe('x');
  return made;
}

it('keeps zod from trying to make code, which it does otherwise', async () => {
  expect(await functionsMade([zodWithoutEval()])).toBe(0);
  expect(await functionsMade([])).toBeGreaterThan(0);
});

it('says so when a newer zod keeps its settings elsewhere', () => {
  expect(() => withoutEval('export const settings = {};')).toThrow('zod');
});
