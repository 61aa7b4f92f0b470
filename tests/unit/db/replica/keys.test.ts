import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openFile } from '../../../../db/open.ts';
import { keyBatches } from '../../../../db/replica/keys/key-batches.ts';
import { replicaKeys } from '../../../../db/replica/keys/key-forms.ts';
import { keyMerge } from '../../../../db/replica/keys/key-merge.ts';
import { openReplica } from '../../../../db/replica/open.ts';
import { phoneKeys, searchKeys, type KeySeek } from '../../../../sync/base/search-key.ts';
import type { MemberRow } from '../../../../sync/model/member.ts';
import { closing, KEY, tempFolder } from '../files.ts';
import { member, memberId, rows } from '../samples.ts';

const MEMBERS = 12;
const names = fc.constantFrom('Tan', 'Tang', 'Ta', 'Lim', '陈', '陈伟', 'Ann Anna', '', 'Ñu');
const phones = fc.constantFrom(
  '+6591234567',
  '+6591234568',
  '+6561234567',
  '+60123456789',
  '+4915123456789',
  null,
);

interface Change {
  n: number;
  lastName: string;
  firstName: string;
  mobile: string | null;
  phone: string | null;
}

const change: fc.Arbitrary<Change> = fc.record({
  n: fc.integer({ min: 1, max: MEMBERS }),
  lastName: names,
  firstName: names,
  mobile: phones,
  phone: phones,
});

/** What happens to a copy's keys between one search and the next. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(change, { maxLength: 6 }).map((changes) => ({ name: 'apply' as const, changes })),
  },
  { weight: 2, arbitrary: fc.constant({ name: 'close run' as const }) },
  { weight: 2, arbitrary: fc.constant({ name: 'merge some' as const }) },
  { weight: 1, arbitrary: fc.constant({ name: 'forget all' as const }) },
  {
    weight: 2,
    arbitrary: fc
      .record({ size: fc.integer({ min: 1, max: 5 }), meanwhile: fc.array(change, { maxLength: 4 }) })
      .map((batch) => ({ name: 'make batch' as const, ...batch })),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const SEEKS: readonly KeySeek[] = [
  ...[
    'nt',
    'ntan',
    'nann',
    'n陈',
    'n',
    'p1234',
    'p2345',
    'p4567',
    'p91234567',
    'p3456',
    'p123456',
    'em',
    'p5678',
  ].map((key) => ({ key, isPrefix: true })),
  ...['p91234567', 'p123456789', 'llk3', 'lsup-4', 'ntan'].map((key) => ({ key, isPrefix: false })),
];

/** Members with a key in the range, by the plain rule. */
function naive(all: ReadonlyMap<number, MemberRow>, { key, isPrefix }: KeySeek): string[] {
  return [...all.values()]
    .filter((row) => searchKeys(row).some((each) => (isPrefix ? each.startsWith(key) : each === key)))
    .map((row) => row.memberId)
    .sort();
}

function openPair() {
  const path = join(tempFolder(), 'replica.db');
  const replica = closing(openReplica({ path, keyHex: KEY }));
  const raw = closing(openFile({ path, keyHex: KEY, file: 'replica' }));
  const model = new Map<number, MemberRow>();
  let seq = 0;
  const apply = (changes: readonly Change[]): void => {
    const changed = changes.map(({ n, ...fields }) => {
      const row = member(n, { ...fields, seq: (seq += 1) });
      model.set(n, row);
      return row;
    });
    replica.apply(rows({ members: changed }), { epoch: 'e', cursor: (seq += 1), isSettled: true });
  };
  const closeRun = (): void => {
    raw.exec(
      'INSERT INTO key_runs (run) SELECT 1 + max(run) FROM key_runs; ' +
        'UPDATE key_state SET open_run = (SELECT max(run) FROM key_runs), open_keys = 0',
    );
  };
  const forget = (): void => {
    raw.exec(
      'DELETE FROM search_keys; DELETE FROM gone_keys; DELETE FROM key_runs WHERE run > 1; ' +
        'INSERT OR IGNORE INTO key_runs VALUES (1); UPDATE key_state SET built = 0, batch_run = 0, open_run = 1, ' +
        'open_keys = 0, until = (SELECT coalesce(max(rowid), 0) FROM members)',
    );
  };
  const makeBatch = async (size: number, meanwhile: readonly Change[]): Promise<void> => {
    let isFirst = true;
    await keyBatches(raw, size).makeNext(() => {
      // Pages arrive between a batch's reading and its writing.
      if (isFirst) apply(meanwhile);
      isFirst = false;
      return Promise.resolve();
    });
  };
  const makeAll = async (): Promise<void> => {
    while (await keyBatches(raw, 4).makeNext(() => Promise.resolve()));
  };
  return { replica, raw, model, apply, closeRun, forget, makeBatch, makeAll };
}

async function run(pair: ReturnType<typeof openPair>, each: Step): Promise<void> {
  switch (each.name) {
    case 'apply':
      return pair.apply(each.changes);
    case 'close run':
      return pair.closeRun();
    case 'merge some':
      return void keyMerge(pair.raw).moveNext();
    case 'forget all':
      return pair.forget();
    case 'make batch':
      return pair.makeBatch(each.size, each.meanwhile);
  }
}

test('whatever is applied, made, moved or forgotten: a search finds whom the plain rule finds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      const pair = openPair();
      for (const each of steps) await run(pair, each);
      await pair.makeAll();
      for (const seek of SEEKS)
        expect([seek.key, pair.replica.search(seek, 99).sort()]).toEqual([seek.key, naive(pair.model, seek)]);
      const stored = pair.raw
        .prepare('SELECT DISTINCT key, member_id AS id FROM search_keys JOIN members ON members.rowid = rid')
        .all() as { key: string; id: string }[];
      const expected = [...pair.model.values()].flatMap((row) =>
        replicaKeys(row).map((key) => `${row.memberId} ${key}`),
      );
      expect(stored.map(({ key, id }) => `${id} ${key}`).sort()).toEqual(expected.sort());
      expect(pair.replica.isPreparing()).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test('moving ends: all keys lie in the one big run and the one that is open', () => {
  const { raw, apply, closeRun } = openPair();
  for (const n of [1, 2, 3, 4]) {
    apply([{ n, lastName: 'Tan', firstName: `${n}`, mobile: `+6590000${n}12`, phone: null }]);
    closeRun();
  }
  const merge = keyMerge(raw);
  expect(merge.isDue()).toBe(true);
  while (merge.moveNext());
  expect(raw.prepare('SELECT DISTINCT run FROM search_keys').pluck().all()).toEqual([0]);
  expect(raw.prepare('SELECT count(*) FROM key_runs').pluck().get()).toBe(2);
  expect(merge.isDue()).toBe(false);
});

test('results keep the order of keys over all runs, limited', () => {
  const { replica, apply, closeRun } = openPair();
  for (const [n, lastName] of [
    [1, 'Tan C'],
    [2, 'Tan A'],
    [3, 'Tan B'],
    [4, 'Tan D'],
  ] as const) {
    apply([{ n, lastName, firstName: '', mobile: null, phone: null }]);
    closeRun();
  }
  expect(replica.search({ key: 'ntan', isPrefix: true }, 3)).toEqual([memberId(2), memberId(3), memberId(1)]);
  expect(replica.search({ key: 'ntan', isPrefix: true }, 0)).toEqual([]);
});

test('every second tail of a phone is filed, the whole number among them', () => {
  const keys = replicaKeys(member(1, { mobile: '+6591234567' })).filter((key) => key.startsWith('p'));
  expect(keys).toEqual(['p91234567', 'p234567', 'p4567']);
  expect(phoneKeys('+6591234567')).toHaveLength(5);
});
