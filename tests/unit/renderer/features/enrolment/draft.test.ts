import { expect, test } from 'vitest';
import { EMPTY_TEXTS, problemsOf, toDraft } from '../../../../../renderer/features/enrolment/draft.ts';

const TODAY = '2026-11-22';

test('a name and a mobile are needed; one of the two names is enough', () => {
  expect(problemsOf(EMPTY_TEXTS, TODAY)).toEqual(['name', 'mobile']);
  expect(problemsOf({ ...EMPTY_TEXTS, firstName: '伟', mobile: '9111 0001' }, TODAY)).toEqual([]);
});

test('a half-typed phone, a strange e-mail and an impossible day stand in the way', () => {
  const texts = { ...EMPTY_TEXTS, lastName: 'Tan', mobile: '911', email: 'tan@', dateOfBirth: '30/2/1990' };
  expect(problemsOf(texts, TODAY)).toEqual(['mobile', 'email', 'dateOfBirth']);
});

test('empty fields go as none, a birthday as a calendar day, and no look-up ID unless one was typed', () => {
  const draft = toDraft(
    { ...EMPTY_TEXTS, lastName: 'Tan', mobile: ' 9111 0001 ', dateOfBirth: '2/11/90' },
    TODAY,
  );
  expect(draft).toMatchObject({ mobile: '9111 0001', phone: null, email: null, dateOfBirth: '1990-11-02' });
  expect('lookupId' in draft).toBe(false);
});
