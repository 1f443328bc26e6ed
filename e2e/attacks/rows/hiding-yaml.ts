import type { Attack, AttackRow } from '../row.ts';
import type { EngineStage, Inspected } from '../world/engine-world.ts';
import { bodyOf, orderCompose } from './engine-verdicts.ts';

const isPrivileged = (made: readonly Inspected[]) =>
  made.some(({ State, HostConfig }) => State.Running && HostConfig.Privileged === true);
const GATES = ['gate-text', 'gate-model', 'gate-inspect'] as const;

const hidden = (name: string, compose: string): Attack<EngineStage> => ({
  name,
  checks: GATES,
  run: (stage) => orderCompose(stage, name, { compose }, isPrivileged),
});

/** Nine levels of ten aliases each: a thousand million words once it is written out. */
function aliasBomb(): string {
  const lines = ['x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]'];
  for (let level = 1; level <= 9; level++)
    lines.push(
      `x-${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  return `${lines.join('\n')}\nservices:\n  web:\n    image: lab/web:1\n`;
}

const bombs: readonly (readonly [name: string, compose: string])[] = [
  ['aliases of aliases', aliasBomb()],
  ['a hundred thousand brackets', `services: ${'['.repeat(100_000)}`],
  [
    'a deep mapping',
    `services:${Array.from({ length: 400 }, (_, depth) => `\n${' '.repeat(depth + 1)}a:`).join('')} 1`,
  ],
  ['a key twice', 'services:\n  web:\n    image: lab/web:1\n    privileged: false\n    privileged: true\n'],
  ['two documents', 'services:\n  web:\n    image: lab/web:1\n---\nservices:\n  web:\n    privileged: true\n'],
];
const BOUND_MS = 5_000;

/** A8-20. */
export const hidingYaml: AttackRow<EngineStage> = {
  id: 20,
  attacks: [
    hidden(
      'a merge key',
      'x-part: &part\n  privileged: true\nservices:\n  web:\n    <<: *part\n    image: lab/web:1\n    stop_grace_period: 1s\n',
    ),
    hidden(
      'a tag in front of the value',
      'services:\n  web:\n    image: lab/web:1\n    stop_grace_period: 1s\n    privileged: !!bool "true"\n',
    ),
    hidden(
      'an alias as the value',
      'x-yes: &yes true\nservices:\n  web:\n    image: lab/web:1\n    stop_grace_period: 1s\n    privileged: *yes\n',
    ),
    ...bombs.map(
      ([name, compose]): Attack<EngineStage> => ({
        name: `${name}: refused in ${BOUND_MS / 1000} s, and the agent goes on`,
        // Compose itself refuses these too, later and at a higher price: there is no build that takes them.
        checks: [],
        async run(stage) {
          const before = await stage.engineState();
          const ended = await stage.order(bodyOf({ compose }));
          const saw = `${ended.outcome} ${ended.code} after ${Math.round(ended.tookMs)} ms`;
          const took = ended.code === null || ended.tookMs > BOUND_MS || (await stage.engineState()) !== before;
          return { took, saw, refusalMs: [ended.tookMs] };
        },
      }),
    ),
  ],
  honest: [
    {
      name: 'anchors, a merge, CRLF and a byte order mark that hide nothing',
      run: (stage) =>
        orderCompose(
          stage,
          'plain anchors',
          {
            compose:
              '\uFEFFx-part: &part\r\n  environment: {FROM: merge}\r\nservices:\r\n  web:\r\n    <<: *part\r\n    image: lab/web:1\r\n',
          },
          (made) => made.some(({ Config }) => Config.Env.includes('FROM=merge')),
        ),
    },
  ],
};
