import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { pino } from 'pino';
import { rowsOf } from '../../../crm/database.ts';
import { endOutrun, outrunText } from '../../../crm/end-outrun.ts';
import { LIST_OUTRUN } from '../../../crm/pages/status-page.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { anonymise, ListedCentre } from './listed-centre.ts';
import { codeOf, overHttp, TestTill } from './test-till.ts';

/** No erasure that there ever was has this number. */
const MADE_UP = Number.MAX_SAFE_INTEGER;
const NOT_HELD = 'what tills have confirmed could not be held against the list of erasures';

let postgres: PostgresPart;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

let shop: ListedCentre;
let databaseUrl: string;
beforeEach(async () => {
  shop = new ListedCentre();
  databaseUrl = await postgres.createDatabase();
  await shop.start(databaseUrl);
});
afterEach(() => shop.remove());

const enrol = (): Promise<TestTill> => TestTill.enrol(overHttp(shop.running.url));
/** Of a till that counts by the numbers of before. */
const confirm = async (till: TestTill, purgedErasure: number): Promise<string> =>
  codeOf(await till.send(till.request({ epoch: 'of-before', purgedErasure })));
const hasLacked = async (): Promise<unknown> =>
  ((await shop.health()).eraseList as { hasLacked: boolean }).hasLacked;

async function eraseTwo(): Promise<TestTill> {
  const till = await enrol();
  for (const ref of [till.makeMember(), till.makeMember()]) anonymise(till, ref);
  await till.sync();
  return till;
}

test('a number that a till made up is told with its name until somebody at the centre’s computer ends it', async () => {
  const [honest, tampered] = [await eraseTwo(), await enrol()];
  expect([await confirm(honest, 2), await hasLacked()]).toEqual(['epoch_changed', false]);
  for (const said of [MADE_UP, 3, MADE_UP]) expect(await confirm(tampered, said)).toBe('epoch_changed');
  expect(shop.lines.filter(({ msg }) => msg === LIST_OUTRUN)).toMatchObject([
    { tillId: tampered.enrolled.tillId, confirmed: MADE_UP, known: 2 },
  ]);
  // An honest till is heard beside it.
  await confirm(honest, 3);
  expect(await shop.page()).toContain(`${LIST_OUTRUN} Test till (9,007,199,254,740,991), Test till (3)</p>`);
  await shop.stop();
  await shop.start(databaseUrl);
  expect([await hasLacked(), shop.hasSaid(LIST_OUTRUN)]).toEqual([true, true]);
  const from = { folder: '', databaseUrl, clock: { nowMs: () => Date.now() } };
  const end = async () => outrunText(await endOutrun({ ...from, log: pino({ level: 'silent' }) }));
  const said = [
    `Test till (${tampered.enrolled.tillId}) had confirmed ${MADE_UP} erasures`,
    `Test till (${honest.enrolled.tillId}) had confirmed 3 erasures`,
    'told no more, until a till says so again\n',
  ];
  expect(await end()).toBe(said.join('\n'));
  expect([await hasLacked(), await shop.page()]).toEqual([false, expect.not.stringContaining(LIST_OUTRUN)]);
  expect(await end()).toBe('no till had confirmed more erasures than are known here; nothing was changed\n');
});

test('what a till confirmed is held against a count: erasures are read at most once, however often it comes', async () => {
  const till = await eraseTwo();
  const { database } = shop.running.centre;
  const asked: string[] = [];
  const { query } = database.sql;
  database.sql.query = (text, values) => {
    asked.push(text);
    return query(text, values);
  };
  const readAll = (): number => asked.filter((text) => text.includes('order by erasure_no')).length;
  for (const said of [1, 2]) await confirm(till, said);
  expect(readAll()).toBe(0);
  for (const other of [till, await enrol(), await enrol()])
    for (const said of [3, 3, 4]) await confirm(other, said);
  expect(readAll()).toBe(1);
});

test('a till hears its own refusal, whatever fails while it is held against the list', async () => {
  const till = await enrol();
  const { sql } = shop.running.centre.database;
  await rowsOf(sql, 'alter table erasure_outruns rename to of_another_day');
  expect([await confirm(till, 1), shop.hasSaid(NOT_HELD)]).toEqual(['epoch_changed', true]);
});
