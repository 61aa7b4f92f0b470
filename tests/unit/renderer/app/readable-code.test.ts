import { expect, test } from 'vitest';
import { readableCode } from '../../../../renderer/app/readable-code.ts';

test('a hostile text is a short line: no control signs, no end of it', () => {
  expect(readableCode('4006381333931')).toBe('4006381333931');
  expect(readableCode('a\x1db\r\nc\u202ed')).toBe('a·b·c·d');
  const long = readableCode(`<script>${'x'.repeat(500)}`);
  expect([long.length, long.endsWith('…')]).toEqual([41, true]);
});
