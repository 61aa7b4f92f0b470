import { beforeAll, expect, test } from 'vitest';
import { daySpan } from '../../../sync/base/business-day.ts';
import { LOG_PAGE_MAX, LogReply } from '../../../sync/protocol/log.ts';
import { centreForAll } from './centre-for-all.ts';
import { readHeaders, TestTill } from './test-till.ts';

const DAY = '2026-11-23';
const WEST = daySpan(DAY, { timeZone: 'America/Los_Angeles', cutOffHour: 4 });
const open = centreForAll();
let till: TestTill;

beforeAll(async () => {
  till = await TestTill.enrol(open.post);
});

const decide = (count: number, atMs: number): Promise<unknown> =>
  open.centre.database.sql.query(
    `insert into audit_log (line_no, at_ms, actor_id, action, object_id, note, prev, hash)
     select (select coalesce(max(line_no), 0) from audit_log) + n, $2, 'staff-1', 'export.made', 'x', '', '', ''
     from generate_series(1, $1::int) n`,
    [count, atMs],
  );
async function look(asked: Record<string, string | number>) {
  const text = new URLSearchParams({ actorId: 'staff-1', day: DAY });
  for (const [name, value] of Object.entries(asked)) text.set(name, String(value));
  const headers = readHeaders(till.enrolled.token);
  const reply = await open.app.inject({ method: 'GET', url: `/v1/log?${text.toString()}`, headers });
  const { decisions, hasMoreDecisions } = LogReply.parse(JSON.parse(reply.body));
  return { count: decisions.length, hasMoreDecisions };
}

test('decisions stand on the day of who asks, and it is said when there are more than a page', async () => {
  // Five in the afternoon in Los Angeles, and the next day in London.
  await decide(2, Date.parse('2026-11-24T01:00:00Z'));
  expect(await look({ ...WEST })).toEqual({ count: 2, hasMoreDecisions: false });
  expect((await look({})).count).toBe(0);
  expect((await look({ day: '2026-11-24' })).count).toBe(2);
  await decide(LOG_PAGE_MAX - 2, WEST.fromMs);
  await decide(3, WEST.untilMs);
  expect(await look({ ...WEST })).toEqual({ count: LOG_PAGE_MAX, hasMoreDecisions: false });
  await decide(1, WEST.fromMs);
  expect(await look({ ...WEST })).toEqual({ count: LOG_PAGE_MAX, hasMoreDecisions: true });
});
