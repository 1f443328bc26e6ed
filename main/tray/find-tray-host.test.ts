import { expect, it } from 'vitest';
import { findTrayHost } from './find-tray-host.ts';

const answering = (answers: Record<string, string>) => {
  const asked: string[] = [];
  return {
    asked,
    run: async (file: string) => {
      asked.push(file);
      return answers[file];
    },
  };
};

it('Windows and macOS have a tray without asking', async () => {
  const { run, asked } = answering({});
  expect(await findTrayHost('win32', run)).toBe('present');
  expect(await findTrayHost('darwin', run)).toBe('present');
  expect(asked).toEqual([]);
});

it('on Linux somebody must own the name that icons register with', async () => {
  expect(await findTrayHost('linux', answering({ gdbus: '(true,)\n' }).run)).toBe('present');
  expect(await findTrayHost('linux', answering({ gdbus: '(false,)\n' }).run)).toBe('absent');
  expect(await findTrayHost('linux', answering({ busctl: 'b true\n' }).run)).toBe('present');
  expect(await findTrayHost('linux', answering({ busctl: 'b false\n' }).run)).toBe('absent');
});

it('where it can not be found out there is none: the window stays', async () => {
  const { run, asked } = answering({});
  expect(await findTrayHost('linux', run)).toBe('absent');
  expect(asked).toEqual(['gdbus', 'busctl']);
});
