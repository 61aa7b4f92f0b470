import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { openReplica } from '../../../../db/replica/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import { createOverlay } from '../../../../electron/core/overlay.ts';
import { newId, type OpId } from '../../../../sync/base/ids.ts';
import { CHAIN_START, sealOp, type Op, type OpBody } from '../../../../sync/model/op.ts';
import { EMPTY_ROWS, type Rows } from '../../../../sync/model/feed.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import { createdBody, createRowTable, IDS, makeOp, ON_CARD } from '../../../parts/ops.ts';
import { KEY_HEX, makeFolder } from '../../../parts/till.ts';

const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let runs = 0;

/**
 * One till with real files and one centre in memory, joined by hand so that every moment between can be
 * looked at.
 */
function startPair() {
  runs += 1;
  const till = openTill({ path: join(folder, `till-${runs}.db`), keyHex: KEY_HEX });
  const replica = openReplica({ path: join(folder, `replica-${runs}.db`), keyHex: KEY_HEX });
  const overlay = createOverlay(till, () => replica);
  const centre = createRowTable();
  const expected = createRowTable(false);
  const ops: Op[] = [];
  let pushed = 0;
  const append = (body: OpBody): OpId => {
    const tseq = ops.length + 1;
    const op: Op = {
      ...makeOp(body, { tseq, atMs: 1_700_000_000_000 + tseq }),
      prev: till.ops.last()?.hash ?? CHAIN_START,
    };
    ops.push(op);
    till.transaction(() => till.ops.append(sealOp(op, testCrypto), []));
    expected.apply(op);
    return op.opId;
  };
  /** The centre numbers the next ops, and the till learns it. */
  const push = (count: number): void => {
    const batch = ops.slice(pushed, pushed + count);
    if (batch.length === 0) return;
    const firstSeq = centre.seqNow() + 1;
    for (const op of batch) centre.apply(op);
    till.transaction(() =>
      till.ops.recordAcks([{ firstTseq: pushed + 1, count: batch.length, firstSeq }], []),
    );
    pushed += batch.length;
  };
  /** One page of the centre's rows, cut anywhere, as a slow pull would see it. */
  const pull = (cutSeq: number, without: readonly (keyof Rows)[] = []): void => {
    const isIn = (row: { seq: number }) => row.seq <= cutSeq;
    const rows: Rows = {
      ...EMPTY_ROWS,
      members: [...centre.members.values()].filter(isIn),
      cards: [...centre.cards.values()].filter(isIn),
      accounts: [...centre.accounts.values()].filter(isIn),
      entries: [...centre.entries.values()].filter(isIn),
      ...Object.fromEntries(without.map((table) => [table, []])),
    };
    const cursor = Math.min(cutSeq, centre.seqNow());
    const isSettled = cursor === centre.seqNow() && without.length === 0;
    replica.apply(rows, { epoch: 'e', cursor, isSettled });
  };
  const shown = () => {
    const laid = overlay.lay(IDS.member);
    const balance = laid?.accounts.get(IDS.account)?.view.balance;
    return {
      balance,
      firstName: laid?.member.firstName,
      state: laid?.member.state,
      cards: laid?.cards.length,
    };
  };
  const wanted = () => {
    const member = expected.members.get(IDS.member);
    const balance = expected.accounts.get(IDS.account)?.balance;
    return { balance, firstName: member?.firstName, state: member?.state, cards: expected.cards.size };
  };
  const close = (): void => {
    till.close();
    replica.close();
  };
  return { append, push, pull, shown, wanted, close, seqNow: centre.seqNow };
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 9 }).map((count) => ({ do: 'stamp' as const, count })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('A', 'B', 'C').map((firstName) => ({ do: 'edit' as const, firstName })),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'lock' as const }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }).map((count) => ({ do: 'push' as const, count })) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }).map((behind) => ({ do: 'pull' as const, behind })) },
);

function take(
  pair: ReturnType<typeof startPair>,
  each: typeof step extends fc.Arbitrary<infer Step> ? Step : never,
): void {
  switch (each.do) {
    case 'stamp':
      return void pair.append({
        kind: 'stamp.added',
        ...ON_CARD,
        count: each.count,
        amountMinor: null,
        receiptNo: '',
      });
    case 'edit':
      return void pair.append({
        kind: 'member.changed',
        memberId: IDS.member,
        fields: { firstName: each.firstName },
      });
    case 'lock':
      return void pair.append({
        kind: 'member.state',
        memberId: IDS.member,
        state: 'locked',
        epoch: 0,
        reason: '',
      });
    case 'push':
      return pair.push(each.count);
    case 'pull':
      return pair.pull(pair.seqNow() - each.behind);
  }
}

test('at every moment of a sync, confirmed rows and own overlay together show each op exactly once (I2, I3)', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 3, maxLength: 25 }), (steps) => {
      const pair = startPair();
      try {
        pair.append(createdBody());
        for (const each of steps) {
          take(pair, each);
          expect(pair.shown()).toEqual(pair.wanted());
        }
      } finally {
        pair.close();
      }
    }),
    { numRuns: 40 },
  );
});

test('an own correction counts at once in a copy that was fetched anew and has no entries yet', () => {
  const pair = startPair();
  const stamp = { kind: 'stamp.added' as const, ...ON_CARD, count: 5, amountMinor: null, receiptNo: '' };
  pair.append(createdBody());
  const stamped = pair.append(stamp);
  pair.push(2);
  pair.pull(pair.seqNow(), ['entries']);
  expect(pair.shown().balance).toBe(pair.wanted().balance);
  const before = pair.shown().balance ?? 0;
  pair.append({ kind: 'entry.corrected', ...ON_CARD, correctsOpId: stamped, delta: -5, reason: '' });
  expect(pair.shown().balance).toBe(before - 5);
  pair.push(1);
  expect(pair.shown().balance).toBe(before - 5);
  pair.pull(pair.seqNow());
  expect(pair.shown().balance).toBe(before - 5);
  pair.close();
});

test('while rows are taken in, an own edit and an own expiry count once, though their entries came before the account', () => {
  const onPoints = { ...ON_CARD, amountMinor: 5_000, receiptNo: '', points: 50, reason: '' };
  const counters: ((lot: OpId) => OpBody)[] = [
    (lot) => ({
      ...{ kind: 'purchase.edited', ...ON_CARD, correctsOpId: lot, entryId: newId<OpId>(), reason: 'x' },
      ...{ delta: -50, newUnits: 20, amountMinor: 2_000 },
    }),
    (lot) => ({ kind: 'points.expired', ...ON_CARD, lotOpId: lot, points: 30, day: '2020-01-01' }),
  ];
  for (const counter of counters) {
    const pair = startPair();
    pair.append(createdBody());
    const lot = pair.append({ kind: 'points.credited', ...onPoints });
    pair.push(2);
    pair.pull(pair.seqNow());
    pair.append(counter(lot));
    const { balance } = pair.wanted();
    expect(pair.shown().balance).toBe(balance);
    pair.push(1);
    pair.pull(pair.seqNow(), ['accounts']);
    expect(pair.shown().balance).toBe(balance);
    pair.pull(pair.seqNow());
    expect(pair.shown().balance).toBe(balance);
    pair.close();
  }
});
