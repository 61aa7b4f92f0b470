import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../crm/database.ts';
import { lockHead } from '../../../crm/repos/feed-head.ts';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { IncarnationReply } from '../../../sync/protocol/exchange.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { openTestCentre, type TestCentre } from './test-centre.ts';
import { codeOf, injected, TestTill, type CardRef, type Post } from './test-till.ts';

// What several tills send at once is decided in one unit: what one of them brings must not harm another there.
let postgres: PostgresPart;
let open: TestCentre;
let post: Post;

beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({ url: await postgres.createDatabase() });
  post = injected(open.app);
}, 60_000);

afterAll(async () => {
  await open.close();
  await postgres.stop();
});

type Sent = ReturnType<TestTill['send']>;

/** Sends in this order, so that all are one group: a push before them waits for the head. @returns Their answers. */
async function inOneGroup(...sends: (() => Sent)[]): Promise<Awaited<Sent>[]> {
  const { database, writer } = open.centre;
  const first = await TestTill.enrol(post);
  first.makeMember();
  const [locked, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held = database.transaction(async (tx) => {
    await lockHead(tx);
    locked.resolve();
    await ended.promise;
  });
  await locked.promise;
  const answers: Sent[] = [];
  for (const send of [() => first.send(), ...sends]) {
    const before = writer.waitingOps();
    answers.push(send());
    while (writer.waitingOps() === before) await new Promise(setImmediate);
  }
  ended.resolve();
  await held;
  return (await Promise.all(answers)).slice(1);
}

const balanceOf = async ({ accountId }: CardRef): Promise<number | undefined> => {
  const text = 'select balance from accounts where account_id = $1';
  return (await rowsOf<{ balance: number }>(open.centre.database.sql, text, [accountId]))[0]?.balance;
};
const problems = async (): Promise<unknown> => (await verifyCentre(open.centre)).problems;

test('an old copy that comes back beside the living one is refused, and the living one is not stopped', async () => {
  const till = await TestTill.enrol(post);
  const ref = till.makeMember();
  till.stamp(ref, 2);
  await till.sync();
  const { tillId } = till.enrolled;
  const asked = { protocol: 1, tillId, incarnation: 1, lastTseq: 1, requestId: 'a'.repeat(32) };
  const reply = IncarnationReply.parse((await till.sendTo('/v1/incarnations', asked)).body);
  const living = new TestTill(post, { ...till.enrolled, ...reply }, till.secretKey);
  living.stamp(ref, 1);
  await living.sync();
  living.stamp(ref, 1);
  const old = till.clone();
  old.ackedTseq = 0;
  const [taken, refused] = await inOneGroup(
    () => living.send(),
    () => old.send(),
  );
  expect([taken?.status, refused === undefined ? '' : codeOf(refused)]).toEqual([200, 'till_forked']);
  const text = 'select state from tills where till_id = $1';
  expect(await rowsOf(open.centre.database.sql, text, [tillId])).toEqual([{ state: 'live' }]);
  expect([await balanceOf(ref), await problems()]).toEqual([4, []]);
});

test('an op that comes right before its target, in the same group, is applied with it', async () => {
  const [one, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const ref = one.makeMember();
  two.stamp(ref, 3);
  const answers = await inOneGroup(
    () => two.send(),
    () => one.send(),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const text =
    'select held_reason as held, released_seq is not null as "isReleased" from ops where till_id = $1';
  const fates = await rowsOf(open.centre.database.sql, text, [two.enrolled.tillId]);
  expect([fates, await balanceOf(ref), await problems()]).toEqual([
    [{ held: 'unknown_target', isReleased: true }],
    3,
    [],
  ]);
});
