import { expect, test } from 'vitest';
import { changedIn, hasWrongValue, stillTyped } from '../../../../renderer/parts/attribute-values.ts';
import { Attribute } from '../../../../sync/model/attributes.ts';

const size = Attribute.parse({ attributeId: 'size', version: 1, name: 'Size', type: 'number' });

test('only what was typed over is sent, and an emptied field takes the value away', () => {
  const typed = { size: ' 42 ', hat: '', shoe: '38', note: ' ' };
  expect(changedIn(typed, { hat: 'M', shoe: '38' })).toEqual({ size: '42', hat: null });
});

test('a value that does not fit its field is no press to the core; one that is taken away always fits', () => {
  expect(
    [{ size: '9,5' }, { size: '9.5' }, { size: null }].map((each) => hasWrongValue([size], each)),
  ).toEqual([true, false, false]);
});

test('a saved value is typed no more; what was not saved, and what was typed meanwhile, stays', () => {
  const sent = { size: '42', hat: 'M' };
  expect(stillTyped({ size: '42', hat: 'L' }, sent)).toEqual({ hat: 'L' });
  expect(stillTyped(sent, {})).toEqual(sent);
});
