import { expect, test } from 'vitest';
import { rowsOf } from '../../../crm/database.ts';
import { ExchangeReply } from '../../../sync/protocol/exchange.ts';
import { RELEASES_MAX } from '../../../sync/protocol/releases.ts';
import { centreForAll } from './centre-for-all.ts';
import { TestTill } from './test-till.ts';

const open = centreForAll();
const { post } = open;

test('more releases than one answer tells: no row comes before the last of them is told', async () => {
  const till = await TestTill.enrol(post);
  till.stamp(till.makeMember());
  await till.sync();
  const { sql } = open.centre.database;
  const { tillId } = till.enrolled;
  // As if so many had been held and settled: only these columns are read.
  await sql.query(
    `insert into ops (seq, till_id, incarnation, tseq, branch, op_id, hash, kind, held_reason, header, body,
       received_at_ms, released_seq)
     select 1e9 + n, $1, 1, 10 + n, 0, gen_random_uuid(), '', '', 'bad_body', '{}', '{}', 0, 2e9 + n
     from generate_series(1, $2::int) n`,
    [tillId, RELEASES_MAX + 7],
  );
  till.cursor -= 1;
  const first = ExchangeReply.parse((await till.send()).body);
  expect([first.releases.length, first.hasMore, first.cursor]).toEqual([RELEASES_MAX, true, till.cursor]);
  expect([first.rows.accounts, first.isFarBehind]).toEqual([[], false]);
  const releasedSeq = first.releases.at(-1)?.seq ?? 0;
  const second = ExchangeReply.parse((await till.send(till.request({ releasedSeq }))).body);
  expect([second.releases.length, second.hasMore]).toEqual([7, false]);
  expect([second.rows.accounts.length, second.cursor]).toEqual([1, till.cursor + 1]);
  await sql.query('delete from ops where till_id = $1 and seq > 1e9', [tillId]);
}, 60_000);

test('whatever waits for one member flows when it comes, however much it is', async () => {
  const [one, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const ref = two.makeMember();
  for (let count = 0; count < 2_100; count += 1) one.stamp(ref);
  await one.sync();
  await two.sync();
  const replies = await one.sync();
  expect(replies.flatMap(({ releases }) => releases)).toHaveLength(2_100);
  const text = 'select balance from accounts where account_id = $1';
  expect(await rowsOf(open.centre.database.sql, text, [ref.accountId])).toEqual([{ balance: 2_100 }]);
}, 60_000);
