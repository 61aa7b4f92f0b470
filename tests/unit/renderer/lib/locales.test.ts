import { expect, test } from 'vitest';
import { ErrorCode } from '../../../../electron/contract/errors.ts';
import en from '../../../../renderer/lib/locales/en.json';
import zh from '../../../../renderer/lib/locales/zh.json';

type Texts = { readonly [key: string]: string | Texts };

/** Path and text of each entry; a plural's forms count as one, since languages have different ones. */
function entriesOf(texts: Texts, path = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, text]): [string, string][] => {
    const at = path + (path === '' ? '' : '.') + key;
    return typeof text === 'string' ? [[at.replace(/_(?:one|other)$/, ''), text]] : entriesOf(text, at);
  });
}
const keysOf = (texts: Texts): string[] => [...new Set(entriesOf(texts).map(([key]) => key))].toSorted();
const holesOf = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '');

test('both catalogues have the same keys', () => {
  expect(keysOf(zh)).toEqual(keysOf(en));
});

test('no text is empty', () => {
  expect([...entriesOf(en), ...entriesOf(zh)].filter(([, text]) => text.trim() === '')).toEqual([]);
});

test('a translation fills the same holes', () => {
  const sorted = (text: string): string => holesOf(text).toSorted().join();
  const english = new Map(entriesOf(en).map(([key, text]) => [key, sorted(text)]));
  expect(entriesOf(zh).filter(([key, text]) => sorted(text) !== english.get(key))).toEqual([]);
});

test.each(ErrorCode.options)('%s has words: what happened, what is safe, what to do', (code) => {
  for (const catalogue of [en, zh]) {
    const { what, safe, next } = catalogue.error[code];
    expect([what, safe, next].every((text) => text.length > 0)).toBe(true);
  }
});

test('no code says its own name to a cashier, and none is blamed', () => {
  const texts = entriesOf({ error: en.error }).map(([, text]) => text);
  expect(texts.filter((text) => /_|invalid|illegal|your fault|you failed/i.test(text))).toEqual([]);
});
