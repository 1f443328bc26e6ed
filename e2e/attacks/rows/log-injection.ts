import { eventually } from '../../journeys/lab-fleet.ts';
import type { Attack, AttackRow, Verdict } from '../row.ts';
import type { EngineStage } from '../world/engine-world.ts';
import { endlessLine, standingReader } from './long-lines.ts';
import { deployLoud, LOUD_APP } from './loud-app.ts';

/** What a container prints, and how it may be seen: every letter of it, and nothing that a terminal obeys. */
const hostile: readonly { printed: Buffer; shown: string; inJson?: string }[] = [
  { printed: Buffer.from('colour \x1b[2J\x1b[31mred'), shown: 'colour \\x1b[2J\\x1b[31mred' },
  {
    printed: Buffer.from('link \x1b]8;;https://evil.example/\x1b\\here\x1b]8;;\x1b\\'),
    shown: 'link \\x1b]8;;https://evil.example/\\x1b\\here\\x1b]8;;\\x1b\\',
  },
  { printed: Buffer.from('clipboard \x1b]52;c;ZXZpbA==\x07'), shown: 'clipboard \\x1b]52;c;ZXZpbA==\\x07' },
  { printed: Buffer.from('title \x1b]0;owned\x07'), shown: 'title \\x1b]0;owned\\x07' },
  { printed: Buffer.from('refused\rall is well'), shown: 'refused\\rall is well' },
  { printed: Buffer.from('erased\b\b\b\b\b\b'), shown: 'erased\\x08\\x08\\x08\\x08\\x08\\x08' },
  { printed: Buffer.from('turned \u202etxt.exe\u2066\u200f'), shown: 'turned \\u{202e}txt.exe\\u{2066}\\u{200f}' },
  { printed: Buffer.from('eight bits \u009b31m\u009d0;x\u009c'), shown: 'eight bits \\x9b31m\\x9d0;x\\x9c' },
  { printed: Buffer.from('separated \u2028forged line'), shown: 'separated \\u{2028}forged line' },
  // The engine itself keeps one sign for each byte that is no character.
  {
    printed: Buffer.from('broken \xf0\x9f here \x9b31m', 'latin1'),
    shown: 'broken \ufffd\ufffd here \ufffd31m',
    inJson: 'broken \ufffd\ufffd here \ufffd31m',
  },
];
const ordinary = ['Grüße aus Köln:\t3 €, ¡olé!', '漢字 и кириллица', 'done 🎉 👩‍💻 ❤️', 'halved 🎉 and joined'];

/** All that moves a cursor, hides or turns text; the line break is the command line's own. */
const OBEYED = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

const print = (bytes: Buffer | string): string => `echo ${Buffer.from(bytes).toString('base64')} | base64 -d`;

/** Prints everything, one line in two halves that part a character. */
function printAll(): string {
  const lines = [...hostile.map(({ printed }) => printed), ...ordinary.slice(0, -1).map((line) => Buffer.from(line))];
  const halved = Buffer.from(`${ordinary.at(-1)}\n`);
  const middle = halved.indexOf(0xf0) + 2;
  return [
    ...lines.map((line) => print(Buffer.concat([line, Buffer.from('\n')]))),
    print(halved.subarray(0, middle)),
    'sleep 0.3',
    print(halved.subarray(middle)),
  ].join('; ');
}

/** Reads the whole log, as a person does or as a program. */
async function readLog(stage: EngineStage, how: readonly string[]): Promise<string> {
  const fleet = await stage.honestFleet();
  await deployLoud(fleet, printAll());
  return eventually('the end of the log', async () => {
    const answer = await fleet.cli(['apps', 'logs', LOUD_APP, ...how]);
    if (answer.code !== 0) throw new Error(answer.stderr);
    return answer.stdout.includes('and joined') ? answer.stdout : undefined;
  });
}

/** The text of every line that a log shows, without what stands before it. */
function textsOf(log: string, isJson: boolean): string[] {
  const lines = log.split('\n').filter((line) => line !== '');
  if (isJson) return lines.map((line) => (JSON.parse(line) as { line: string }).line);
  return lines.map((line) => line.split('  ').slice(2).join('  '));
}

function judge(log: string, wanted: readonly string[], isJson: boolean): Verdict {
  const obeyed = OBEYED.exec(log)?.[0];
  if (obeyed !== undefined)
    return { took: true, saw: `U+${obeyed.charCodeAt(0).toString(16).padStart(4, '0')} reaches the terminal` };
  const shown = textsOf(log, isJson);
  const lost = wanted.filter((text) => !shown.includes(text));
  if (lost.length > 0) throw new Error(`not obeyed, but not shown either: ${JSON.stringify(lost)} of:\n${log}`);
  return { took: false, saw: `${wanted.length} lines are shown as text` };
}

const asText: Attack<EngineStage> = {
  name: 'colours, links, clipboard, title, CR, bidi and broken UTF-8 from a container, read in a terminal',
  checks: ['visible-text'],
  async run(stage) {
    const log = await readLog(stage, []);
    return judge(
      log,
      hostile.map(({ shown }) => shown),
      false,
    );
  },
};

const asJson: Attack<EngineStage> = {
  name: 'the same, read as JSON in a terminal',
  checks: ['visible-json'],
  async run(stage) {
    const log = await readLog(stage, ['--json']);
    return judge(
      log,
      hostile.map(({ printed, inJson }) => inJson ?? printed.toString('utf8')),
      true,
    );
  },
};

/** A8-26, the node's and the command line's side. */
export const logInjection: AttackRow<EngineStage> = {
  id: 26,
  attacks: [asText, asJson, endlessLine, standingReader],
  honest: [
    {
      name: 'umlauts, emoji, tabs and a character that came in two halves, unchanged',
      async run(stage) {
        const shown = textsOf(await readLog(stage, []), false);
        const lost = ordinary.filter((text) => !shown.includes(text));
        return { took: lost.length === 0, saw: lost.length === 0 ? 'all is there' : JSON.stringify({ lost, shown }) };
      },
    },
  ],
};
