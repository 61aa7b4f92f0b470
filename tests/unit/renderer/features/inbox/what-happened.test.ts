import { expect, test } from 'vitest';
import { fieldName } from '../../../../../renderer/features/inbox/what-happened.ts';
import type { Words } from '../../../../../renderer/lib/words.ts';

/** The key and what is put in: which sentence a person reads is the catalogue's. */
const words = {
  t: (key: string, values?: { name?: string }) => [key, values?.name].filter(Boolean).join(' '),
} as unknown as Pick<Words, 't'>;

test.each([
  ['mobile', 'field.mobile'],
  ['tag:VIP', 'inbox.extra.tag VIP'],
  ['group:g1', 'inbox.extra.group g1'],
  ['custom:fax', 'inbox.extra.custom fax'],
  ['verified:email', 'inbox.extra.verified field.email'],
  ['verified:mobile', 'inbox.extra.verified field.mobile'],
  ['removed', 'inbox.extra.removed'],
  ['somethingNew', 'somethingNew'],
])('a conflict of %s is named in words', (field, name) => {
  expect(fieldName(words, field)).toBe(name);
});
