import { expect, test } from 'vitest';
import { toRound } from '../../../../renderer/parts/rounds.ts';

const look = (confirmed: number, pending: number, goal = 10) => {
  const { slots, shown, toGo, fullRounds } = toRound(confirmed, pending, goal);
  return [slots.map((slot) => ({ dry: '#', wet: '+', open: '.' })[slot]).join(''), shown, toGo, fullRounds];
};

test.each([
  [0, 0, '..........', 0, 10, 0],
  [6, 0, '######....', 6, 4, 0],
  [6, 2, '######++..', 8, 2, 0],
  [10, 0, '##########', 10, 0, 0],
  [9, 1, '#########+', 10, 0, 0],
  [10, 1, '+.........', 1, 9, 1],
  [13, 0, '###.......', 3, 7, 1],
  [7, 6, '+++.......', 3, 7, 1],
  [20, 0, '##########', 10, 0, 1],
  [6, -2, '####......', 4, 6, 0],
  [1, -3, '..........', 0, 10, 0],
])('%i confirmed and %i pending of ten', (confirmed, pending, ...round) => {
  expect(look(confirmed, pending)).toEqual(round);
});
