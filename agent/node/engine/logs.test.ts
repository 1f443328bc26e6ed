import { expect, test } from 'vitest';
import { inOrderOfTime } from './logs.ts';

const ended: string[] = [];
async function* log(name: string, ...times: string[]) {
  try {
    for (const time of times) yield { time, name };
  } finally {
    ended.push(name);
  }
}

test('logs of several containers come in the order of their times, and each keeps its own order', async () => {
  const lines: string[] = [];
  for await (const { name, time } of inOrderOfTime([log('a', '1', '4', '4'), log('b', '2', '4'), log('c')]))
    lines.push(`${name}${time}`);
  expect(lines).toEqual(['a1', 'b2', 'a4', 'a4', 'b4']);
});

test('a reader that goes away ends every log', async () => {
  ended.length = 0;
  for await (const line of inOrderOfTime([log('a', '1', '2'), log('b', '3')])) if (line.time === '1') break;
  expect(ended.sort()).toEqual(['a', 'b']);
});
