import { expect, test } from 'vitest';
import { hashPin, isPinAllowed, isPinRight } from '../../../../sync/base/pin.ts';
import { nodeScrypt } from '../../../../electron/core/crypto.ts';

test('a PIN opens its own hash only', async () => {
  const stored = await hashPin('739205', 'c2FsdHNhbHRzYWx0c2FsdA==', nodeScrypt);
  expect(stored).not.toContain('739205');
  expect(await isPinRight('739205', stored, nodeScrypt)).toBe(true);
  expect(await isPinRight('739206', stored, nodeScrypt)).toBe(false);
  expect(await isPinRight('739205', 'plain', nodeScrypt)).toBe(false);
});

test('runs, repeats and short PINs are not allowed', () => {
  expect(['739205', '123456', '654321', '111111', '12345', 'abcdef'].map(isPinAllowed)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});
