import { expect, test } from 'vitest';
import type { ReplicaDb } from '../../../../../db/replica/types.ts';
import { telling } from '../../../../../electron/core/pull/telling.ts';

/** What was told after an act on a copy that counts its writes. */
async function toldAfter(act: (copy: { writes: number; isNew: boolean }) => void): Promise<string[]> {
  const state = { writes: 3, isNew: false };
  const told: string[] = [];
  // Cast: only the number of writes is asked for.
  const old = { writes: () => state.writes } as ReplicaDb;
  const fresh = { writes: () => 3 } as ReplicaDb;
  const replica = (): ReplicaDb => (state.isNew ? fresh : old);
  const parts = {
    replica,
    onDocuments: () => void told.push('documents'),
    onChanged: () => void told.push('rows'),
  };
  await telling(parts, async () => act(state)).catch(() => told.push('failed'));
  return told;
}

test('rows out of files are told of, also where the act failed or another copy took the place; else nothing is', async () => {
  const fail = (): never => {
    throw new Error('the line is gone');
  };
  expect(await toldAfter((copy) => (copy.writes += 1))).toEqual(['documents', 'rows']);
  expect(await toldAfter((copy) => ((copy.isNew = true), fail()))).toEqual(['documents', 'rows', 'failed']);
  expect(await toldAfter(() => undefined)).toEqual([]);
  expect(await toldAfter(fail)).toEqual(['failed']);
});
