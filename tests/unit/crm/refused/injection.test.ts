import { beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../../crm/database.ts';
import { must } from '../../../../sync/base/must.ts';
import { centreForAll } from '../centre-for-all.ts';
import { headersOf, TestTill } from '../test-till.ts';
import { listOperations } from './api.ts';

const OPENINGS = ["'", '"', "')", '")', "';", "\\'", '$$', "'||", '`', '%'];
const COMMANDS = [
  'drop table members',
  'delete from ops',
  "update tills set state = 'live'",
  'or 1=1',
  'union select token_hash from tills',
  'select pg_sleep(9)',
  'truncate entries cascade',
  "copy ops to program 'true'",
  'insert into staff values (1)',
  'alter table accounts add x int',
];
const ENDINGS = ['--', '/*'];
const CORPUS = OPENINGS.flatMap((opening) =>
  COMMANDS.flatMap((command) => ENDINGS.map((ending) => `${opening} ${command} ${ending}`)),
);

const open = centreForAll();
let till: TestTill;

beforeAll(async () => {
  till = await TestTill.enrol(open.post);
});

/** Rows of each table, and its columns. */
async function shape(): Promise<Record<string, string>> {
  const { sql } = open.centre.database;
  const tables = await rowsOf<{ name: string; columns: number }>(
    sql,
    `select table_name as name, count(*)::int as columns from information_schema.columns
     where table_schema = 'public' group by 1 order by 1`,
  );
  const counts = tables.map(({ name }) => `select '${name}' as name, count(*)::int as rows from ${name}`);
  const rows = await rowsOf<{ name: string; rows: number }>(sql, counts.join(' union all '));
  return Object.fromEntries(
    tables.map(({ name, columns }) => {
      const { rows: count } = must(
        rows.find((each) => each.name === name),
        name,
      );
      return [name, `${count} of ${columns}`];
    }),
  );
}

test(`${CORPUS.length} commands of a database as names, remarks and receipts are kept to the letter, and nothing else is (R-S5)`, async () => {
  const before = await shape();
  for (const text of CORPUS) {
    const ref = till.makeMember({ lastName: text, firstName: text });
    till.make({
      ...{ kind: 'stamp.added', ...ref, cardTypeVersion: 1, amountMinor: 1, count: 1 },
      receiptNo: text.slice(0, 40),
    });
    if (till.cardNumbers.length < 20) await till.sync();
  }
  const replies = await till.sync();
  expect(replies.flatMap(({ held }) => held)).toEqual([]);
  const stored = await rowsOf<{ name: string }>(
    open.centre.database.sql,
    `select "row" ->> 'lastName' as name from members order by 1`,
  );
  expect(new Set(stored.map(({ name }) => name))).toEqual(new Set(CORPUS));
  const after = await shape();
  const grown = { members: 1, cards: 1, accounts: 1, entries: 1, ops: 2 };
  for (const [name, times] of Object.entries(grown)) {
    const rowsIn = (shapes: Record<string, string>): number => Number(shapes[name]?.split(' ')[0]);
    expect([name, rowsIn(after) - rowsIn(before)]).toEqual([name, CORPUS.length * times]);
  }
  expect(Object.keys(after)).toEqual(Object.keys(before));
}, 60_000);

test('the same in every filter and part of an address changes no row and is never a fault (R-S5)', async () => {
  const before = await shape();
  const asked = (await listOperations(open.app)).filter(
    ({ verb, path }) => verb === 'GET' && path !== '/v1/wake' && path !== '/v1/openapi.json',
  );
  for (const [at, text] of CORPUS.entries()) {
    const { path } = must(asked[at % asked.length], 'there are routes');
    const word = encodeURIComponent(text);
    const keys = ['actorId', 'after', 'until', 'seq', 'table', 'buckets', 'snapshot', 'state'];
    const url = `${path.replaceAll(/\{\w+\}/g, word)}?${keys.map((key) => `${key}=${word}`).join('&')}`;
    const headers = headersOf({ method: 'GET', path: url, text: '' }, till.enrolled.token, till.secretKey);
    expect((await open.app.inject({ method: 'GET', url, headers })).statusCode).toBeLessThan(500);
  }
  expect(await shape()).toEqual(before);
});
