import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFeed, type Feed } from '../../../crm/repos/feed.ts';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { newId } from '../../../sync/base/ids.ts';
import { createStateHash } from '../../../sync/merge/state-hash.ts';
import { nodeCrypto } from '../../../crm/node-crypto.ts';
import { createRandom } from '../../../crm/demo/random.ts';
import type { AccountRow, CardRow } from '../../../sync/model/card.ts';
import type { MemberRow } from '../../../sync/model/member.ts';
import type { Rows } from '../../../sync/model/feed.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { openTestCentre, type TestCentre } from './test-centre.ts';
import { injected, TestTill, type CardRef } from './test-till.ts';

const PUSHERS = 20;
const PUSHES_EACH = 8;

let postgres: PostgresPart;
/** Two servers with a pool each on one database, as two processes have. */
let servers: [TestCentre, TestCentre];

beforeAll(async () => {
  postgres = await startPostgres();
  const url = await postgres.createDatabase();
  servers = [await openTestCentre({ url }), await openTestCentre({ url })];
}, 60_000);

afterAll(async () => {
  for (const server of servers) await server.close();
  await postgres.stop();
});

/** Confirmed rows as a till keeps them, from replies only. */
function createReplica() {
  const members = new Map<string, MemberRow>();
  const cards = new Map<string, CardRow>();
  const accounts = new Map<string, AccountRow>();
  const entries = new Set<string>();
  return {
    entries,
    accounts,
    take: (rows: Rows): void => {
      for (const row of rows.members) members.set(row.memberId, row);
      for (const row of rows.cards) cards.set(row.cardId, row);
      for (const row of rows.accounts) accounts.set(row.accountId, row);
      for (const row of rows.entries) entries.add(row.opId);
    },
    stateHash: (): string => {
      const hash = createStateHash(nodeCrypto);
      for (const row of members.values()) hash.addMember(row);
      for (const row of cards.values()) hash.addCard(row);
      for (const row of accounts.values()) hash.addAccount(row);
      return hash.value();
    },
  };
}

/** Any moving op on a random one of `refs`. */
function makeRandomOp(till: TestTill, refs: readonly CardRef[], seed: number): void {
  const random = createRandom(seed);
  const on = { ...random.pick(refs), cardTypeVersion: 1 };
  const units = random.int(1, 50);
  switch (random.int(0, 4)) {
    case 0:
      return void till.make({
        ...{ kind: 'stamp.added', ...on, count: units },
        ...{ amountMinor: units * 100, receiptNo: '' },
      });
    case 1:
    case 2:
      return void till.make({ kind: 'reward.redeemed', ...on, rewardId: 'full-round', cost: 10 });
    case 3: {
      const stamp = till.stamp(on, units);
      return void till.make({
        kind: 'entry.corrected',
        ...on,
        correctsOpId: stamp.opId,
        delta: -units,
        reason: '',
      });
    }
    default:
      return void till.stamp(on, units);
  }
}

test('twenty pushing tills on two servers, a polling reader: nothing missed, nothing twice', async () => {
  const posts = servers.map((server) => injected(server.app));
  const postOf = (at: number) => posts[at % 2] ?? injected(servers[0].app);
  const reader = await TestTill.enrol(postOf(0));
  const replica = createReplica();
  const tills: TestTill[] = [];
  for (let at = 0; at < PUSHERS; at += 1) tills.push(await TestTill.enrol(postOf(at)));
  const shared = (tills[0] as TestTill).makeMember();
  await tills[0]?.exchange();

  let pushing = true;
  const readAll = async (): Promise<void> => {
    for (;;) {
      const wasPushing = pushing;
      const reply = await reader.exchange();
      replica.take(reply.rows);
      if (!wasPushing && !reply.hasMore) return;
    }
  };
  const pushAll = async (till: TestTill, at: number): Promise<void> => {
    const refs = [shared, till.makeMember()];
    for (let push = 0; push < PUSHES_EACH; push += 1) {
      for (let count = 0; count < 1 + (push % 4); count += 1)
        makeRandomOp(till, refs, at * 10_000 + push * 10 + count);
      await till.exchange();
    }
  };
  const reading = readAll();
  await Promise.all(tills.map(pushAll)).finally(() => (pushing = false));
  await reading;

  const made = tills.flatMap((till) =>
    till.ops.filter((op) => op.kind !== 'member.created').map((op) => op.opId),
  );
  const missed = made.filter((opId) => !replica.entries.has(opId));
  expect(missed).toEqual([]);
  const verified = await verifyCentre(servers[0].centre);
  expect(verified.problems).toEqual([]);
  expect(replica.stateHash()).toBe(verified.stateHash);
}, 30_000);

test('a balance is the sum of its entries after any ops; a broken one is found', async () => {
  const { sql } = servers[0].centre.database;
  const [account] = (await sql.query('select account_id from accounts where entry_count > 0 limit 1')).rows;
  const id = (account as { account_id: string }).account_id;
  expect((await verifyCentre(servers[0].centre)).problems).toEqual([]);
  await sql.query('update accounts set balance = balance + 1 where account_id = $1', [id]);
  expect((await verifyCentre(servers[0].centre)).problems).toContainEqual({ problem: 'balance_differs', id });
  await sql.query('update accounts set balance = balance - 1 where account_id = $1', [id]);
});

test('an answer carries all that is missing or says that it is too much, and documents come in any case', async () => {
  const { sql } = servers[0].centre.database;
  const till = await TestTill.enrol(injected(servers[0].app));
  const pull = { tillId: till.enrolled.tillId, incarnation: 1, ackedTseq: 0, acksMax: 500 };
  const countRows = ({ rows }: Feed): number =>
    Object.values(rows).reduce((sum, list) => sum + list.length, 0);
  const all = await readFeed(sql, { ...pull, cursor: 0, rowsMax: 100_000 });
  const just = await readFeed(sql, { ...pull, cursor: 0, rowsMax: countRows(all) });
  const less = await readFeed(sql, { ...pull, cursor: 0, rowsMax: countRows(all) - 1 });
  const whole = createReplica();
  whole.take(just.rows);
  expect([just.isFarBehind, just.until]).toEqual([false, all.headSeq]);
  expect(whole.stateHash()).toBe((await verifyCentre(servers[0].centre)).stateHash);
  expect([less.isFarBehind, less.until, less.headSeq]).toEqual([true, 0, all.headSeq]);
  expect(less.rows.documents).toEqual(all.rows.documents);
  expect(countRows(less)).toBe(less.rows.documents.length);
});

test('a push that the database refuses does not fail its neighbours', async () => {
  const [{ centre, app }] = servers;
  const [good, bad] = [await TestTill.enrol(injected(app)), await TestTill.enrol(injected(app))];
  const ref = good.makeMember();
  bad.makeMember();
  // Stands for any statement that fails.
  await centre.database.sql.query(
    `alter table ops add constraint planted check (op_id <> '${bad.ops[0]?.opId ?? newId()}')`,
  );
  const [goodReply, badReply] = await Promise.all([good.send(), bad.send()]);
  await centre.database.sql.query('alter table ops drop constraint planted');
  expect([goodReply.status, badReply.status]).toEqual([200, 500]);
  good.stamp(ref);
  const [again, repaired] = [await good.exchange(), await bad.exchange()];
  expect([again.hiTseq, repaired.hiTseq]).toEqual([2, 1]);
});
