import type { Plugin } from 'vite';

/**
 * zod writes code for its parsers and tries at first use whether it may; the policy of the page forbids it and reports
 * the attempt. zod's own switch would have to run before the first schema of every chunk and worker, so it is turned
 * where it lies.
 */
export function zodWithoutEval(): Plugin {
  return {
    name: 'zod-without-eval',
    transform: {
      filter: { id: /[\\/]zod[\\/]v4[\\/]core[\\/]core\.js$/ },
      handler: (code) => ({ code: withoutEval(code), map: null }),
    },
  };
}

/** The source of zod's settings with the switch turned. Throws when it is not where it was. */
export function withoutEval(code: string): string {
  if (!/^export const globalConfig = /m.test(code))
    throw new Error('zod keeps its settings elsewhere now; see build/web/zod-without-eval.ts');
  return `${code}\nglobalConfig.jitless = true;\n`;
}
