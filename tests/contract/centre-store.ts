import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database, Sql } from '../../crm/database.ts';
import type * as Blocks from '../../crm/repos/card-blocks.ts';
import type * as Feeds from '../../crm/repos/feed.ts';
import type * as Incarnations from '../../crm/repos/incarnations.ts';
import type * as Ops from '../../crm/repos/ops.ts';
import type * as Tills from '../../crm/repos/tills.ts';
import type { CentreStore } from '../../crm/store.ts';
import type { TillId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import type { AccountRow } from '../../sync/model/card.ts';
import { CHAIN_START, type Op, type OpBody } from '../../sync/model/op.ts';
import { testCrypto } from '../parts/node-crypto.ts';
import * as sample from '../unit/db/samples.ts';
import { inboxItems } from './centre-store-inbox.ts';
import { NO_KEYS, NO_ROWS, rowsOfOnePerson, rowsOfTheLiving, rowsThatMove } from './centre-store-rows.ts';

/** The centre's storage: the port of its rules, and what an exchange reads and writes beside it. */
export interface CentreStorage {
  /** With a chain, and the till `till-1` of the store `store-1`, of which nothing is known yet. */
  database: Database;
  storeOf(tx: Sql): CentreStore;
  repos: Pick<typeof Feeds, 'readFeed'> &
    Pick<typeof Ops, 'listReleases'> &
    Pick<typeof Blocks, 'findBlock' | 'grantBlock' | 'freezeBlocks'> &
    Pick<typeof Tills, 'findTillByToken' | 'findFence'> &
    Pick<typeof Incarnations, 'findBegun' | 'turnIncarnation'>;
  close(): Promise<void>;
}

export const TILL: Tills.TillRow = {
  ...{ tillId: 'till-1' as TillId, name: 'Till 1', storeId: 'store-1', incarnation: 1, hiTseq: 0 },
  ...{
    headHash: CHAIN_START,
    state: 'live',
    lastBlockId: 0,
    signKey: 'ab'.repeat(32),
    fence: '',
    opSchema: '',
  },
  ...{ createdAtMs: 1, lastContactAtMs: 1 },
};
export const TOKEN_HASH = 'c'.repeat(64);

interface Held {
  held: 'unknown_target' | 'op_id_repeated' | 'bad_body' | null;
  waitsFor?: string[];
}

/** What the tests of one storage share. */
interface Bench {
  storage: () => CentreStorage;
  inUnit: <T>(work: (store: CentreStore, tx: Sql) => Promise<T>) => Promise<T>;
  /** Numbers the till's next op as the group writer does. */
  add: (body: OpBody, as?: Held) => Promise<{ op: Op; hash: string; seq: number }>;
}

function createBench(storage: () => CentreStorage): Bench {
  const next = sample.opChain();
  const inUnit: Bench['inUnit'] = (work) =>
    storage().database.transaction((tx) => work(storage().storeOf(tx), tx));
  const add: Bench['add'] = (body, { held, waitsFor = [] } = { held: null }) =>
    inUnit(async (store) => {
      const head = await store.lockHead();
      const { op, hash } = next(body);
      const seq = head.seq + 1;
      await store.insertOps([{ seq, op, hash, held, flags: [], waitsFor, isErased: false }], 1_000);
      await store.saveTills([{ ...TILL, hiTseq: op.tseq, headHash: hash, fence: 'f'.repeat(32) }]);
      await store.saveHead({ ...head, seq });
      return { op, hash, seq };
    });
  return { storage, inUnit, add };
}

/** What every storage of the centre does, whatever it lies on. */
export function centreStoreContract(name: string, open: () => Promise<CentreStorage>): void {
  describe(`the centre's storage, ${name}`, () => {
    let opened: CentreStorage | undefined;
    const bench = createBench(() => must(opened, 'it was opened before the first test'));
    beforeAll(async () => {
      opened = await open();
    }, 60_000);
    afterAll(() => opened?.close());

    // In this order: later ones read what earlier ones have written.
    units(bench);
    ops(bench);
    rows(bench);
    numbers(bench);
    rowsOfTheLiving(bench.inUnit);
    rowsThatMove(bench.inUnit);
    rowsOfOnePerson(bench.inUnit);
    inboxItems(bench.inUnit, TILL.tillId);
    people(bench);
    erasedStrays(bench);
    answers(bench);
    incarnations(bench);
  });
}

function units({ inUnit }: Bench): void {
  test('what a unit wrote is there when it has ended well, and nothing of it when it threw', async () => {
    const seq = await inUnit(async (store) => (await store.lockHead()).seq);
    const failing = inUnit(async (store) => {
      const head = await store.lockHead();
      const account = sample.account(90, { accountNo: 900 });
      await store.saveRows({ ...NO_ROWS, accounts: [account], newAccounts: new Set([account.accountId]) });
      await store.saveHead({ ...head, seq: head.seq + 5 });
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    const after = await inUnit(async (store) => {
      const head = await store.lockHead();
      const { accounts } = await store.loadRows({ ...NO_KEYS, accounts: [sample.accountId(90)] });
      return [head.seq, accounts];
    });
    expect(after).toEqual([seq, []]);
  });

  test('units that hold the head come one after another', async () => {
    const start = await inUnit(async (store) => (await store.lockHead()).nextAccountNo);
    const take = () =>
      inUnit(async (store) => {
        const head = await store.lockHead();
        await store.saveHead({ ...head, nextAccountNo: head.nextAccountNo + 1 });
        return head.nextAccountNo;
      });
    const taken = await Promise.all([take(), take(), take(), take()]);
    expect(taken.sort((a, b) => a - b)).toEqual([start, start + 1, start + 2, start + 3]);
  });
}

function ops({ storage, inUnit, add }: Bench): void {
  test('an op is known by its number in the till and by its id; a repeated id is not', async () => {
    const first = await add(sample.stamp(1));
    const repeated = await add(sample.stamp(1), { held: 'op_id_repeated' });
    const { tillId } = TILL;
    const found = await inUnit(async (store) => [
      await store.listHashes({ tillId, incarnation: 1, fromTseq: 1, toTseq: 9 }),
      await store.listHashes({ tillId, incarnation: 2, fromTseq: 1, toTseq: 9 }),
      (await store.listKnownOps([first.op.opId, repeated.op.opId, sample.opId(99)])).map(
        ({ opId, tillId: by, hash, body }) => [opId, by, hash === first.hash, body],
      ),
      (await store.listTills([tillId, 'nobody'])).map(({ hiTseq, headHash }) => [hiTseq, headHash]),
    ]);
    expect(found).toEqual([
      [
        { tillId, tseq: 1, hash: first.hash },
        { tillId, tseq: 2, hash: repeated.hash },
      ],
      [],
      [[first.op.opId, tillId, true, first.op.body]],
      [[2, repeated.hash]],
    ]);
    const again = inUnit((store) =>
      store.insertOps(
        [{ ...first, seq: repeated.seq + 1, held: null, flags: [], waitsFor: [], isErased: false }],
        1_000,
      ),
    );
    await expect(again).rejects.toThrow('duplicate key');
  });

  test('a held op waits for its target until it is released, and the till is told of that', async () => {
    const { memberId } = sample.member(7);
    const held = await add(sample.stamp(7), { held: 'unknown_target', waitsFor: [memberId] });
    const released = held.seq + 100;
    const seen = await inUnit(async (store, tx) => {
      const before = [await store.listWaiting([memberId]), await store.listHeld([held.seq])];
      await store.saveReleases([{ heldSeq: held.seq, releasedSeq: released, by: null, body: null }]);
      const after = [await store.listWaiting([memberId]), await store.listHeld([held.seq])];
      const told = await storage().repos.listReleases(tx, { tillId: TILL.tillId, afterSeq: released - 1 });
      return { before, after, told };
    });
    const waiting = [{ seq: held.seq, op: held.op, reason: 'unknown_target' }];
    expect(seen).toEqual({
      before: [waiting, waiting],
      after: [[], []],
      told: [{ incarnation: 1, tseq: held.op.tseq, seq: released }],
    });
    const late = await storage().repos.listReleases(storage().database.sql, {
      tillId: TILL.tillId,
      afterSeq: released,
    });
    expect(late).toEqual([]);
  });
}

function rows({ inUnit }: Bench): void {
  test('accounts that are new and accounts that move are saved together, each with all it has', async () => {
    const [first, second] = [sample.account(70, { accountNo: 700 }), sample.account(71, { accountNo: 701 })];
    const save = (accounts: AccountRow[], fresh: AccountRow): Promise<void> =>
      inUnit((store) => store.saveRows({ ...NO_ROWS, accounts, newAccounts: new Set([fresh.accountId]) }));
    await save([first], first);
    const figures = { balance: 5, entryCount: 3, purchaseCount: 2, spentMinor: 990, lastEntryAtMs: 78 };
    const moved = { ...first, ...figures, seq: first.seq + 7 };
    await save([moved, second], second);
    const asked = { ...NO_KEYS, accounts: [first.accountId, second.accountId] };
    const { accounts } = await inUnit((store) => store.loadRows(asked));
    expect(accounts.toSorted((a, b) => (a.accountNo ?? 0) - (b.accountNo ?? 0))).toEqual([moved, second]);
  });

  test('rows are found by id, by number, by what they correct, by mobile and as one person', async () => {
    const into = sample.member(2, { mobile: '+6591110002' });
    const from = sample.member(3, { mobile: '+6591110003', mergedIntoId: into.memberId });
    const entries = [sample.entry(2), sample.entry(3, { correctsOpId: sample.opId(2), delta: -1 })];
    const members = [into, from].map((row) => ({ row, clocks: {} }));
    const accounts = [sample.account(2, { accountNo: 2, lastEntryAtMs: 77 })];
    const newAccounts = new Set(accounts.map(({ accountId }) => accountId));
    await inUnit((store) =>
      store.saveRows({ ...NO_ROWS, members, cards: [sample.card(2)], accounts, newAccounts, entries }),
    );
    const keys = { ...NO_KEYS, cardNumbers: [sample.cardNumber(2)], accounts: [sample.accountId(2)] };
    const asked = { ...keys, entries: [sample.opId(2)], sets: [from.memberId] };
    const mobiles = ['+6591110002', '+6591110003'];
    const loaded = await inUnit((store) => store.loadRows({ ...asked, mobiles, lookups: ['lk2', 'lk3'] }));
    expect({ ...loaded, members: loaded.members.map(({ row }) => row.memberId).sort() }).toEqual({
      members: [into.memberId, from.memberId].sort(),
      cards: [sample.card(2)],
      accounts,
      entries,
      mobiles: [{ memberId: into.memberId, mobile: '+6591110002' }],
      lookups: [{ memberId: into.memberId, lookupKey: 'lk2' }],
      documents: [],
    });
    expect(await inUnit((store) => store.lastBookedAt(from.memberId))).toBe(77);
    expect(await inUnit((store) => store.lastBookedAt(sample.member(9).memberId))).toBe(0);
  });

  test('of members and cards that are only used, those are read that a rule has to know of', async () => {
    const members = [sample.member(41), sample.member(42, { state: 'blocked' })];
    const [plain, dead, other] = [
      sample.card(41),
      sample.card(42, { status: 'lost' }),
      sample.card(43, { accountId: sample.accountId(44) }),
    ];
    const cards = [plain, dead, other];
    const records = members.map((row) => ({ row, clocks: {} }));
    const barredAmong = members.map(({ memberId }) => memberId);
    const oddAmong = [41, 42, 43].map((at) => ({
      cardId: sample.card(at).cardId,
      accountId: sample.accountId(at),
    }));
    // The unit sees what it wrote itself; the tests after this one must not.
    const passing = inUnit(async (store) => {
      await store.saveRows({ ...NO_ROWS, members: records, cards });
      const loaded = await store.loadRows({ ...NO_KEYS, barredAmong, oddAmong });
      expect(loaded.members).toEqual(records.slice(1));
      expect(loaded.cards.map(({ cardId }) => cardId).sort()).toEqual([dead.cardId, other.cardId].sort());
      const sets = barredAmong.slice(0, 1);
      const withSet = await store.loadRows({ ...NO_KEYS, barredAmong, sets });
      expect(withSet.members.map(({ row }) => row.memberId).sort()).toEqual([...barredAmong].sort());
      throw new Error('all as it should be');
    });
    await expect(passing).rejects.toThrow('all as it should be');
  });
}

function numbers({ inUnit }: Bench): void {
  test('two cards never share a number, and an entry is countered once', async () => {
    const twin = sample.card(8, { cardNumber: sample.cardNumber(2) });
    await expect(inUnit((store) => store.saveRows({ ...NO_ROWS, cards: [twin] }))).rejects.toThrow(
      'duplicate key',
    );
    const second = sample.entry(9, { correctsOpId: sample.opId(2) });
    await expect(inUnit((store) => store.saveRows({ ...NO_ROWS, entries: [second] }))).rejects.toThrow(
      'duplicate key',
    );
  });

  test('spare numbers are nobody’s, and never the same twice', async () => {
    const taken = await inUnit(async (store) => {
      const head = await store.lockHead();
      const numbers = await store.takeSpareNumbers(head, 3);
      await store.saveHead(head);
      const more = await store.takeSpareNumbers(head, 2);
      return [...numbers, ...more];
    });
    expect(new Set(taken).size).toBe(5);
  });
}

function people({ inUnit, add }: Bench): void {
  test('what is erased is gone, and its place in the chain stays', async () => {
    const { memberId } = sample.member(4);
    const edit: OpBody = { kind: 'member.changed', memberId, fields: { notes: 'secret' } };
    const held = await add(edit, { held: 'bad_body' });
    const erasure = { memberId, seq: held.seq, atMs: 7 };
    const [body, hashes] = await inUnit(async (store) => {
      await store.eraseMembers([erasure]);
      await store.eraseMembers([erasure]);
      const [kept] = await store.listHeld([held.seq]);
      const range = { tillId: TILL.tillId, incarnation: 1, fromTseq: held.op.tseq, toTseq: held.op.tseq };
      return [kept?.op.body, (await store.listHashes(range)).map(({ hash }) => hash)];
    });
    expect([body, hashes]).toEqual([{ kind: '' }, [held.hash]]);
  });

  test('strays wait once each until they are booked', async () => {
    const chain = sample.opChain();
    const strays = [80, 81].map((n) => chain(sample.stamp(1), { opId: sample.opId(n) }));
    const seen = await inUnit(async (store) => {
      const counts = [await store.insertStrays(strays, 5), await store.insertStrays(strays, 6)];
      const waiting = await store.listStrays(TILL.tillId, 9);
      await store.saveBooked([{ opId: sample.opId(80), seq: null }], { actorId: 'staff-1', nowMs: 7 });
      const left = await store.listStrays(TILL.tillId, 9);
      return { counts, waiting: waiting.length, left, branch: await store.nextBranch(TILL.tillId) };
    });
    const { op, hash } = must(strays[1], 'two were made');
    expect(seen).toEqual({ counts: [2, 0], waiting: 2, left: [{ op, hash }], branch: 1 });
  });
}

function erasedStrays({ inUnit }: Bench): void {
  test('strays about somebody who was anonymised wait no more, whether they came before or after', async () => {
    const chain = sample.opChain();
    const memberId = sample.memberId(1);
    const edit = (n: number) =>
      chain({ kind: 'member.changed', memberId, fields: { lastName: 'Before' } }, { opId: sample.opId(n) });
    const [early, stamp, late] = [edit(90), chain(sample.stamp(1), { opId: sample.opId(91) }), edit(92)];
    const left = await inUnit(async (store) => {
      await store.insertStrays([early, stamp], 5);
      await store.eraseMembers([{ memberId, seq: 1, atMs: 6 }]);
      await store.insertStrays([late], 7);
      return store.listStrays(TILL.tillId, 9);
    });
    expect(left.map(({ op }) => op.opId).filter((id) => id !== sample.opId(81))).toEqual([stamp.op.opId]);
  });
}

function answers({ storage }: Bench): void {
  test('an answer has all fates before any row, and all rows or none', async () => {
    const pull = {
      tillId: TILL.tillId,
      incarnation: 1,
      ackedTseq: 0,
      cursor: 0,
      acksMax: 500,
      rowsMax: 500,
    };
    const { sql } = storage().database;
    const whole = await storage().repos.readFeed(sql, pull);
    expect([whole.isFateKnown, whole.isFarBehind, whole.until]).toEqual([true, false, whole.headSeq]);
    expect(whole.acks.map(({ tseq, held }) => [tseq, held])).toEqual([
      [1, null],
      [2, 'op_id_repeated'],
      [3, 'unknown_target'],
      [4, 'bad_body'],
    ]);
    expect(whole.rows.cards).toEqual([sample.card(2)]);
    expect(whole.rows.entries.map(({ opId }) => opId)).toEqual([sample.opId(2), sample.opId(3)]);
    const short = await storage().repos.readFeed(sql, { ...pull, acksMax: 2 });
    expect([short.isFateKnown, short.rows.cards, short.until]).toEqual([false, [], 0]);
    const far = await storage().repos.readFeed(sql, { ...pull, rowsMax: 1 });
    expect([far.isFarBehind, far.rows.cards, far.until]).toEqual([true, [], 0]);
    const later = await storage().repos.readFeed(sql, { ...pull, ackedTseq: 4, cursor: whole.headSeq });
    expect([later.acks, later.rows.members, later.ackedHash === null]).toEqual([[], [], false]);
  });
}

function incarnations({ storage, inUnit }: Bench): void {
  test('a new incarnation begins with nothing, once for each request', async () => {
    const { repos } = storage();
    const turned = await inUnit(async (store, tx) => {
      await store.lockHead();
      const grant = { tillId: TILL.tillId, incarnation: 1, cardPrefix: '603555', nowMs: 5 };
      const block = await repos.grantBlock(tx, testCrypto, grant);
      const given = (await repos.findBlock(tx, block.blockId))?.numbers.length;
      await repos.freezeBlocks(tx, TILL.tillId);
      const till = must(await repos.findTillByToken(tx, TOKEN_HASH), 'the till is known');
      await repos.turnIncarnation(tx, till, { requestId: '1'.repeat(32), nowMs: 6 });
      return [given, await repos.findBlock(tx, block.blockId), till.hiTseq, till.fence];
    });
    expect(turned).toEqual([500, undefined, 4, 'f'.repeat(32)]);
    const { sql } = storage().database;
    const till = await repos.findTillByToken(sql, TOKEN_HASH);
    expect([till?.incarnation, till?.hiTseq, till?.headHash, till?.state]).toEqual([
      2,
      0,
      CHAIN_START,
      'live',
    ]);
    expect([
      await repos.findBegun(sql, TILL.tillId, '1'.repeat(32)),
      await repos.findBegun(sql, TILL.tillId, '2'.repeat(32)),
      await repos.findFence(sql, TILL.tillId),
    ]).toEqual([2, null, '']);
  });
}
