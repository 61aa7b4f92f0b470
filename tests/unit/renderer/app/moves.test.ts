import { expect, test } from 'vitest';
import { textsFromSearch } from '../../../../renderer/app/moves.ts';

test.each([
  ['', {}],
  ['6035 5538 8247 1315', { cardNumber: '6035553882471315' }],
  ['+65 9111-0001', { texts: { mobile: '+65 9111-0001' } }],
  ['tan@example.com', { texts: { email: 'tan@example.com' } }],
  ['Tan Wei Ling', { texts: { lastName: 'Tan', firstName: 'Wei Ling' } }],
  ['陈伟', { texts: { lastName: '陈伟', firstName: '' } }],
])('what was looked for, %j, begins the form with %o', (text, start) => {
  expect(textsFromSearch(text)).toEqual(start);
});
