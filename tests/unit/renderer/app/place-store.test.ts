import { expect, test } from 'vitest';
import {
  createPlaceStore,
  foldLate,
  LATE_FAILURES_SHOWN,
  type LateFailure,
} from '../../../../renderer/app/place-store.ts';

const late = (name: string): LateFailure => ({
  memberId: null,
  name,
  method: 'members.add',
  failure: { code: 'disk_full', message: '' },
});

test('what failed behind somebody’s back stays over every screen and scan, until it is answered', () => {
  const store = createPlaceStore();
  const [first, second] = [late('Tan'), late('Lim')];
  const { sayLate, closeLate, go, say } = store.getState();
  sayLate(first);
  sayLate(second);
  go('home');
  say({ kind: 'bad-read' });
  expect(store.getState().lateFailures).toEqual([first, second]);
  closeLate(first);
  expect(store.getState().lateFailures).toEqual([second]);
});

test('no more of them stand above a screen than fit; the others wait until those are answered', () => {
  const store = createPlaceStore();
  for (let at = 0; at <= LATE_FAILURES_SHOWN; at += 1) store.getState().sayLate(late(String(at)));
  const folded = foldLate(store.getState().lateFailures);
  expect([folded.shown.map(({ name }) => name), folded.more]).toEqual([['1', '2', '3', '4'], 1]);
  for (const each of folded.shown) store.getState().closeLate(each);
  expect(store.getState().lateFailures.map(({ name }) => name)).toEqual(['0']);
});
