import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../crm/database.ts';
import { createGroupWriter, type WriterParts } from '../../../crm/group-writer.ts';
import { saveDocuments } from '../../../crm/repos/documents.ts';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { sqlReads, sqlUnit } from '../../../crm/sql-store.ts';
import type { CentreStore } from '../../../crm/store.ts';
import { WHOLE_CHAIN } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import { CardType, documentSum } from '../../../sync/model/chain.ts';
import type { OpBody } from '../../../sync/model/op.ts';
import { nextVersion, rulesIn } from '../../../sync/programmes/card-rules.ts';
import { PROTOCOL_VERSION } from '../../../sync/protocol/exchange.ts';
import { HoldsReply, type HoldsRequest } from '../../../sync/protocol/holds.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { openTestCentre, type TestCentre } from './test-centre.ts';
import { injected, TestTill, type CardRef } from './test-till.ts';

// A group is decided while the one before it is saved. Two processes share one database here: `open` decides ahead, and
// `other` comes between where the test says so.
let postgres: PostgresPart;
let open: TestCentre;
let other: TestCentre;

beforeAll(async () => {
  postgres = await startPostgres();
  const url = await postgres.createDatabase();
  open = await openTestCentre({ url });
  other = await openTestCentre({ url });
}, 60_000);

afterAll(async () => {
  await open.close();
  await other.close();
  await postgres.stop();
});

const balanceOf = async ({ accountId }: CardRef): Promise<number> => {
  const text = 'select balance from accounts where account_id = $1';
  const [row] = await rowsOf<{ balance: number }>(open.centre.database.sql, text, [accountId]);
  return row?.balance ?? 0;
};

interface Between {
  /** While the first group is saved, the second one decided. What it throws is the first group's failure. */
  savingFirst?: () => Promise<void>;
  /** Before the second group gets the head. */
  beforeSecond?: () => Promise<void>;
  /** The same of each, by its place among the units. */
  before?: (unit: number) => Promise<void>;
  /** When all is saved but not committed. What it throws is the unit's failure. */
  committing?: (unit: number) => Promise<void>;
}

/** A writer whose first group waits for a second push, and which says how its units went. */
function watchedWriter({ savingFirst, beforeSecond, before, committing }: Between, opsWaiting = 2) {
  const { database, crypto, clock } = open.centre;
  const [runUnit, reads] = [sqlUnit(database, crypto), sqlReads(database, crypto)];
  const drafted = Promise.withResolvers<void>();
  const saving = Promise.withResolvers<void>();
  const waiting = Promise.withResolvers<void>();
  const units: ('saved' | 'failed')[] = [];
  let count = 0;
  /** The last thing that a decision reads. */
  const watchedReads = (): CentreStore => {
    if (reads === null) throw new Error('PostgreSQL has a second connection');
    const store = reads();
    const listWaiting: CentreStore['listWaiting'] = async (targets) => {
      const held = await store.listWaiting(targets);
      queueMicrotask(drafted.resolve);
      return held;
    };
    // Of a push that brings nothing new only the hashes are asked for.
    const listHashes: CentreStore['listHashes'] = async (range) => {
      const found = await store.listHashes(range);
      setImmediate(drafted.resolve);
      return found;
    };
    return { ...store, listWaiting, listHashes };
  };
  const watchedUnit: WriterParts['runUnit'] = async (work) => {
    count += 1;
    const unit = count;
    const [isFirst, isSecond] = [count === 1, count === 2];
    if (isFirst) await waiting.promise;
    if (isSecond) await beforeSecond?.();
    await before?.(unit);
    const watched = async (store: CentreStore) => {
      if (!isFirst) {
        const result = await work(store);
        await committing?.(unit);
        return result;
      }
      const insertOps: CentreStore['insertOps'] = async (...args) => {
        saving.resolve();
        await drafted.promise;
        await savingFirst?.();
        return store.insertOps(...args);
      };
      return work({ ...store, insertOps });
    };
    return runUnit(watched).then(
      (result) => (units.push('saved'), result),
      (cause: unknown) => (units.push('failed'), Promise.reject(cause as Error)),
    );
  };
  const writer = createGroupWriter({ runUnit: watchedUnit, clock, reads: watchedReads });
  const push: typeof writer.push = (one) => {
    const taken = writer.push(one);
    if (writer.waitingOps() >= opsWaiting) waiting.resolve();
    return taken;
  };
  return { writer: { ...writer, push }, units, saving: saving.promise };
}

/** Two tills at one card, one op each, the second decided while the first is saved. @returns Both statuses. */
async function pushBoth(between: (shop: { two: TestTill; stamp(): Promise<number> }) => Between) {
  const [one, two] = [await TestTill.enrol(injected(open.app)), await TestTill.enrol(injected(open.app))];
  const third = await TestTill.enrol(injected(other.app));
  const ref = one.makeMember();
  for (const till of [one, two, third]) await till.sync();
  const stamp = async (): Promise<number> => {
    third.stamp(ref, 50);
    return (await third.send()).status;
  };
  const { writer, units } = watchedWriter(between({ two, stamp }));
  const before = open.centre.writer;
  open.centre.writer = writer;
  one.stamp(ref, 1);
  two.stamp(ref, 10);
  const sent = one.send();
  // The first of the two is the writer's first.
  while (writer.waitingOps() === 0) await new Promise(setImmediate);
  const statuses = [await Promise.all([sent, two.send()])].flat().map(({ status }) => status);
  open.centre.writer = before;
  const { problems } = await verifyCentre(open.centre);
  return { statuses, units, problems, balance: await balanceOf(ref) };
}

test('a group that was decided ahead is saved as it is, on top of the one before', async () => {
  const { statuses, units, balance, problems } = await pushBoth(() => ({}));
  expect([statuses, units, balance, problems]).toEqual([[200, 200], ['saved', 'saved'], 11, []]);
});

test('what another process wrote meanwhile counts: the group is decided again under the lock', async () => {
  const { statuses, units, balance, problems } = await pushBoth(({ stamp }) => ({
    beforeSecond: async () => expect(await stamp()).toBe(200),
  }));
  expect([statuses, units, balance, problems]).toEqual([[200, 200], ['saved', 'saved'], 61, []]);
});

test('a group that rests on one that failed is decided again, also where the head comes to the same number', async () => {
  const { statuses, units, balance, problems } = await pushBoth(({ stamp }) => ({
    savingFirst: () => Promise.reject(new Error('the connection broke')),
    beforeSecond: async () => expect(await stamp()).toBe(200),
  }));
  expect([statuses, units, balance, problems]).toEqual([[500, 200], ['failed', 'saved'], 60, []]);
});

test('a till that was enrolled anew meanwhile is refused, although its push was decided before', async () => {
  const { statuses, balance, problems } = await pushBoth(({ two }) => ({
    beforeSecond: async () => {
      const text = 'update tills set incarnation = 2, hi_tseq = 0 where till_id = $1';
      await open.centre.database.sql.query(text, [two.enrolled.tillId]);
    },
  }));
  expect([statuses, balance, problems]).toEqual([[200, 409], 1, []]);
});

test('a request that comes again while its ops are being saved is a repeat, and no fork', async () => {
  const till = await TestTill.enrol(injected(open.app));
  const ref = till.makeMember();
  await till.sync();
  const { writer } = watchedWriter({}, 4);
  const before = open.centre.writer;
  open.centre.writer = writer;
  till.stamp(ref, 1);
  till.stamp(ref, 10);
  const request = till.request();
  const sent = till.send(request);
  while (writer.waitingOps() === 0) await new Promise(setImmediate);
  const statuses = (await Promise.all([sent, till.send(request)])).map(({ status }) => status);
  open.centre.writer = before;
  till.stamp(ref, 50);
  await till.sync();
  expect([statuses, await balanceOf(ref)]).toEqual([[200, 200], 61]);
});

test('many ops that come while a group is saved, also one of which a manager is told, are decided meanwhile', async () => {
  const [one, two] = [await TestTill.enrol(injected(open.app)), await TestTill.enrol(injected(open.app))];
  const ref = one.makeMember();
  await one.sync();
  one.make({ kind: 'member.state', memberId: ref.memberId, state: 'blocked', epoch: 1, reason: '' });
  await one.sync();
  const { writer, units, saving } = watchedWriter({}, 1);
  const before = open.centre.writer;
  open.centre.writer = writer;
  one.stamp(ref, 1);
  for (let at = 0; at < 250; at += 1) two.stamp(ref, 1);
  const sent = one.send();
  await saving;
  // The first group is not saved before the second one is decided.
  const statuses = (await Promise.all([sent, two.send()])).map(({ status }) => status);
  open.centre.writer = before;
  const told = await rowsOf(open.centre.database.sql, `select 1 from inbox where kind = 'barred_member'`);
  expect([statuses, units, told.length]).toEqual([[200, 200], ['saved', 'saved'], 1]);
  expect([await balanceOf(ref), (await verifyCentre(open.centre)).problems]).toEqual([251, []]);
});

/** A grant that a till spends from by a version of the card type that the centre does not know yet. */
async function heldSpend() {
  const type = CardType.parse({
    ...{ cardTypeId: 'stamp', kind: 'stamp', version: 1, name: 'Stamps', goal: 10 },
    ...{ earnPoints: 1, earnPerMinor: 1, rewards: [{ rewardId: 'r3', name: 'Three', cost: 3 }] },
  });
  await open.centre.database.transaction((tx) =>
    saveDocuments(tx, [{ kind: 'card-type', id: 'stamp', body: type }]),
  );
  const till = await TestTill.enrol(injected(open.app));
  const ref = till.makeMember();
  till.stamp(ref, 10);
  await till.sync();
  const ask = async (asked: Partial<HoldsRequest>): Promise<HoldsReply> => {
    const { tillId } = till.enrolled;
    const from = { protocol: PROTOCOL_VERSION, tillId, incarnation: 1, lastTseq: till.ops.length };
    const request = { ...from, reserve: null, want: [], letGo: [], ...asked };
    return HoldsReply.parse((await till.sendTo('/v1/holds', request)).body);
  };
  const [grant] = (await ask({ want: [ref.accountId] })).grants;
  const { holdId } = must(grant, 'half of ten is granted');
  const cover = { gain: 0, grant: 3, floor: 0, holdId };
  till.make({ kind: 'reward.redeemed', ...ref, cardTypeVersion: 2, rewardId: 'r3', cost: 3, cover });
  await till.sync();
  const next = nextVersion(type, { ...rulesIn(type), goal: 9 });
  const version: OpBody = {
    ...{ kind: 'document.saved', memberId: WHOLE_CHAIN, docKind: 'card-type', id: type.cardTypeId },
    ...{ baseVersion: 1, baseSum: documentSum(type), body: { ...next } },
  };
  return { ref, ask, holdId, version };
}

test('what a till gives back while a held spend of it is decided beforehand does not come back', async () => {
  const { ref, ask, holdId, version } = await heldSpend();
  const { statuses, problems } = await pushBoth(({ two }) => {
    two.make(version);
    return { beforeSecond: async () => void (await ask({ letGo: [holdId] })) };
  });
  expect([statuses, problems, await balanceOf(ref)]).toEqual([[200, 200], [], 7]);
  expect((await ask({})).grants).toEqual([]);
});

/** Three tills at one card, one op each: the second is decided while the first is saved, the third on top of it. */
async function pushThree(between: (shop: { stamp(): Promise<number>; thirdDone: Promise<void> }) => Between) {
  const tills = [];
  for (let at = 0; at < 3; at += 1) tills.push(await TestTill.enrol(injected(open.app)));
  const [one, two, three] = tills as [TestTill, TestTill, TestTill];
  const elsewhere = await TestTill.enrol(injected(other.app));
  const ref = one.makeMember();
  for (const till of [...tills, elsewhere]) await till.sync();
  const stamp = async (): Promise<number> => {
    elsewhere.stamp(ref, 50);
    return (await elsewhere.send()).status;
  };
  const sent: ReturnType<TestTill['send']>[] = [];
  const arrived = async (count: number): Promise<void> => {
    while (writer.waitingOps() < count) await new Promise(setImmediate);
  };
  const third = Promise.withResolvers<void>();
  const { writer, units } = watchedWriter({
    ...between({ stamp, thirdDone: third.promise }),
    savingFirst: async () => {
      const answer = three.send();
      void answer.finally(third.resolve);
      sent.push(answer);
      await arrived(3);
    },
  });
  const before = open.centre.writer;
  open.centre.writer = writer;
  [one, two, three].forEach((till, at) => till.stamp(ref, [1, 10, 20][at] ?? 0));
  sent.push(one.send());
  await arrived(1);
  sent.push(two.send());
  while (sent.length < 3) await new Promise(setImmediate);
  const statuses = (await Promise.all(sent)).map(({ status }) => status);
  open.centre.writer = before;
  const { problems } = await verifyCentre(open.centre);
  return { statuses, units, problems, balance: await balanceOf(ref) };
}

test('the next group asks for the head while the one before commits', async () => {
  const begun = Promise.withResolvers<void>();
  const { statuses, units, balance, problems } = await pushThree(() => ({
    before: async (unit) => (unit === 3 ? begun.resolve() : undefined),
    // It is not committed before the next one has begun.
    committing: (unit) => (unit === 2 ? begun.promise : Promise.resolve()),
  }));
  expect([statuses, units, balance, problems]).toEqual([[200, 200, 200], Array(3).fill('saved'), 31, []]);
});

test('a group that had begun when the one before failed to commit does not count with it', async () => {
  const begun = Promise.withResolvers<void>();
  const { statuses, balance, problems } = await pushThree(({ stamp, thirdDone }) => ({
    committing: async (unit) => {
      if (unit !== 2) return;
      await begun.promise;
      throw new Error('the disk is full');
    },
    before: async (unit) => {
      if (unit === 3) begun.resolve();
      // The head comes to the number that the lost one had given, before that one is tried again.
      if (unit === 3) await stamp();
      if (unit === 4) await thirdDone;
    },
  }));
  expect([statuses, balance, problems]).toEqual([[200, 200, 200], 81, []]);
});
