import { expect, test } from 'vitest';
import type { StoredOp, TillDb } from '../../../../../db/till/types.ts';
import { floorOfTill } from '../../../../../electron/core/spending/floor-sum.ts';

/** A till whose ops each spent one unit without cover; counts what is read of it. */
function spendingTill() {
  const state = { acked: 0, last: 0, read: 0, isRewritten: false };
  const hashOf = (tseq: number): string => `${tseq}${state.isRewritten && tseq > state.acked ? 'x' : ''}`;
  const opOf = (tseq: number) => ({ op: { tseq, body: { cover: { floor: 1 } } }, hash: hashOf(tseq) });
  const listAfter = (after: number, limit: number): StoredOp[] => {
    const count = Math.min(limit, state.last - after);
    state.read += count;
    // Cast: only these fields are read.
    return Array.from({ length: count }, (_, at) => opOf(after + 1 + at)) as unknown as StoredOp[];
  };
  const ops = { ackedTseq: () => state.acked, hashOf, listAfter };
  return { state, till: { ops } as unknown as TillDb };
}

test('what was spent without cover counts in full, however many ops the centre has not answered', () => {
  const { state, till } = spendingTill();
  state.last = 25_000;
  expect(floorOfTill(till)).toEqual({ till: 25_000, spends: 25_000 });
});

test('only new ops are read again, and all of them after an answer or where the last was taken back', () => {
  const { state, till } = spendingTill();
  state.last = 1_000;
  floorOfTill(till);
  [state.read, state.last] = [0, 1_001];
  expect([floorOfTill(till).till, floorOfTill(till).till, state.read]).toEqual([1_001, 1_001, 1]);
  state.acked = 900;
  expect(floorOfTill(till).till).toBe(101);
  [state.isRewritten, state.last] = [true, 950];
  expect(floorOfTill(till).till).toBe(50);
});
