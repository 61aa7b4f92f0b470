import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { answerItem } from '../../../crm/inbox/answers.ts';
import { listInbox } from '../../../crm/repos/inbox.ts';
import { listShopTills } from '../../../crm/repos/shop-tills.ts';
import { sqlUnit } from '../../../crm/sql-store.ts';
import type { StaffId } from '../../../sync/base/ids.ts';
import { toHlc } from '../../../sync/base/clock.ts';
import { must } from '../../../sync/base/must.ts';
import { IncarnationReply, PROTOCOL_VERSION } from '../../../sync/protocol/exchange.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { openTestCentre, type TestCentre } from './test-centre.ts';
import { codeOf, injected, TestTill, type Post } from './test-till.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 10, 23, 3);
let nowMs = START_MS;
let postgres: PostgresPart;
let open: TestCentre;
let post: Post;
let till: TestTill;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  nowMs = START_MS;
  open = await openTestCentre({ url: await postgres.createDatabase(), clock: { nowMs: () => nowMs } });
  post = injected(open.app);
  till = await TestTill.enrol(post);
  till.nowMs = () => nowMs;
  till.stamp(till.makeMember(), 1);
  await till.sync();
  await heard();
}, 60_000);
afterEach(() => open.close());

/** How far the till is, once it was noted that it spoke now: no request waits for that. */
async function heard(): Promise<number> {
  const { storeId, tillId } = till.enrolled;
  const find = async () => {
    const asked = { storeId, day: '2026-11-23', nowMs, tillIds: [] };
    const { tills } = await listShopTills(open.centre.database.sql, asked);
    return must(
      tills.find((each) => each.tillId === tillId),
      'it stands in the shop',
    );
  };
  await expect.poll(async () => (await find()).heardAtMs).toBe(nowMs);
  return (await find()).completeToMs;
}
/** The till from a copy of its file that has its first op only; a minute has gone by. */
function putBack(): TestTill {
  nowMs += MINUTE_MS;
  return till.clone(1);
}

test('a till whose file was put back is complete up to when it last knew all that the centre has', async () => {
  const copy = putBack();
  expect(codeOf(await copy.send(copy.request({ ops: [] })))).toBe('till_restored');
  expect(await heard()).toBe(START_MS);
});

test('a till whose PC stands a year ahead is complete up to its last op by the right clock, and never beyond now', async () => {
  const { tillId } = till.enrolled;
  const sql = open.centre.database.sql;
  // What it said of its newest op is of a file that is gone: only its ops tell.
  await sql.query('update tills set told_at_ms = 0 where till_id = $1', [tillId]);
  const made = (atMs: number) =>
    sql.query(
      `update ops set header = (header::jsonb || jsonb_build_object('wallMs', $2::bigint, 'hlc', $3::text))::text
       where till_id = $1`,
      [tillId, START_MS + 400 * 86_400_000, toHlc(atMs)],
    );
  await made(START_MS - MINUTE_MS);
  expect(await heard()).toBe(START_MS - MINUTE_MS);
  await made(START_MS + 400 * 86_400_000);
  expect(await heard()).toBe(START_MS);
});

test('what waits beside the feed for a manager is in no figure: the till is complete up to the first of it', async () => {
  const copy = putBack();
  const { tillId } = till.enrolled;
  const asked = {
    protocol: PROTOCOL_VERSION,
    tillId,
    incarnation: 1,
    lastTseq: 1,
    requestId: 'a'.repeat(32),
  };
  const begun = IncarnationReply.parse((await copy.sendTo('/v1/incarnations', asked)).body);
  const next = new TestTill(post, { ...till.enrolled, ...begun }, till.secretKey);
  next.nowMs = till.nowMs;
  copy.makeMember();
  // By the till's corrected clock; what its PC showed is of no account.
  const made = { hlc: toHlc(START_MS - MINUTE_MS), wallMs: START_MS + 400 * 86_400_000 };
  Object.assign(must(copy.ops.at(-1), 'just made'), made);
  const from = { incarnation: 1, tseq: 1, hash: copy.hashAt(1) };
  const strays = {
    protocol: PROTOCOL_VERSION,
    tillId,
    incarnation: 2,
    from,
    batch: copy.pack(copy.ops.slice(1)),
  };
  expect((await next.sendTo('/v1/strays', strays)).body).toEqual({ known: 0, kept: 1 });
  nowMs += MINUTE_MS;
  await next.exchange();
  expect(await heard()).toBe(START_MS - MINUTE_MS);
  const { database, crypto } = open.centre;
  const { items } = await listInbox(database.sql, { state: 'open', after: '', limit: 10 });
  const { id } = must(items[0], 'a manager is told');
  const answering = { id, managerId: 'staff-1' as StaffId, reason: '', answer: { action: 'book' as const } };
  await sqlUnit(database, crypto)((store) => answerItem(store, answering, { crypto, nowMs }));
  expect(await heard()).toBe(nowMs);
});
