import { expect, test } from 'vitest';
import { ByteTexts } from '../../../../../db/replica/register/byte-texts.ts';
import { sortByText } from '../../../../../db/replica/register/text-sort.ts';
import { mix } from '../../../../bench/random.ts';

const WORDS = [
  '',
  'a',
  'ab',
  'petal',
  'petaling',
  'petaling jaya',
  'petaling jaya selatan',
  'é',
  '明慧',
  'zz',
];
const COUNT = 3_000;

function filled(texts: readonly string[]): ByteTexts {
  const made = new ByteTexts(texts.length);
  for (const [slot, text] of texts.entries()) made.set(slot, text);
  return made;
}
const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');

/** By bytes, those without a text last, equal ones as they stand in `base`. */
const reference = (base: Int32Array, texts: readonly string[]): number[] =>
  [...base].sort((left, right) => {
    const [one = '', other = ''] = [texts[left], texts[right]];
    if (one === '' || other === '') return Number(one === '') - Number(other === '');
    return Buffer.compare(bytesOf(one), bytesOf(other));
  });

test('texts sort by their bytes, empty ones last, equal ones in the order they stood in', () => {
  const texts = Array.from({ length: COUNT }, (_, at) => {
    const word = WORDS[mix(at, 1) % WORDS.length] ?? '';
    return mix(at, 2) % 3 === 0 && word !== '' ? `${word} ${mix(at, 3) % 50}` : word;
  });
  const base = Int32Array.from({ length: COUNT }, (_, at) => (at * 7) % COUNT);
  const { slots, filled: count } = sortByText(base, filled(texts));
  expect([...slots]).toEqual(reference(base, texts));
  expect(count).toBe(texts.filter((text) => text !== '').length);
});

test('of long texts that begin alike only what comes last decides', () => {
  const lead = 'x'.repeat(5_000);
  const texts = Array.from({ length: 40 }, (_, at) => `${lead}${String((at * 17) % 40).padStart(2, '0')}`);
  const base = Int32Array.from({ length: texts.length }, (_, at) => at);
  expect([...sortByText(base, filled(texts)).slots]).toEqual(reference(base, texts));
});

test('a text that ends where a longer one goes on comes first, however many there are of each', () => {
  const texts = Array.from({ length: 60 }, (_, at) => ['abcde', 'abcdef', 'abcd', 'abcde'][at % 4] ?? '');
  const base = Int32Array.from({ length: texts.length }, (_, at) => texts.length - 1 - at);
  expect([...sortByText(base, filled(texts)).slots]).toEqual(reference(base, texts));
});
