import { expect, test } from 'vitest';
import { createAttemptLimit } from '../../../crm/attempt-limit.ts';
import { addressKey } from '../../../sync/base/address-key.ts';

test('who has a whole IPv6 network is one who guesses, not billions', () => {
  const one = ['2001:db8:0:7::1', '2001:0DB8:0000:0007:ffff:1:2:3', '2001:db8:0:7:0:0:0:9%eth0'];
  expect(new Set(one.map(addressKey))).toEqual(new Set(['2001:db8:0:7::/64']));
  expect(addressKey('2001:db8:0:8::1')).toBe('2001:db8:0:8::/64');
  expect(['::1', '::ffff:10.0.0.7', '10.0.0.7'].map(addressKey)).toEqual([
    '0:0:0:0::/64',
    '10.0.0.7',
    '10.0.0.7',
  ]);
});

test('a key that guessed too often waits, others do not, and time or a right one frees it', () => {
  const limit = createAttemptLimit({ wrongMax: 2, windowMs: 100 });
  expect([limit.begin('a', 0), limit.begin('a', 1), limit.begin('a', 2)]).toEqual([true, true, false]);
  expect(limit.begin('b', 2)).toBe(true);
  expect(limit.begin('a', 101)).toBe(true);
  limit.succeed('a');
  expect([limit.begin('a', 102), limit.begin('a', 103)]).toEqual([true, true]);
});
