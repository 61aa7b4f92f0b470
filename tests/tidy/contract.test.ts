import { expect, test } from 'vitest';
import { contract } from '../../electron/contract/index.ts';
import { isCode, listFiles, readText } from './tree.ts';

const methods = Object.keys(contract);
const files = listFiles().filter(isCode);

const textsBelow = (folder: string): string[] =>
  files.filter((path) => path.startsWith(folder) && !path.startsWith('tests/tidy/')).map(readText);
const notNamedBelow = (folder: string): string[] => {
  const texts = textsBelow(folder);
  return methods.filter((method) => !texts.some((text) => text.includes(`'${method}'`)));
};

test('each call has a handler', () => {
  expect(methods.length).toBeGreaterThan(0);
  expect(notNamedBelow('electron/core/')).toEqual([]);
});

test('each call is named in some test', () => {
  expect(notNamedBelow('tests/')).toEqual([]);
});
