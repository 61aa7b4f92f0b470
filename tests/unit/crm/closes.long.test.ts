import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listInbox } from '../../../crm/repos/inbox.ts';
import { must } from '../../../sync/base/must.ts';
import { LiveShop } from '../../parts/live-shop.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';

const DAY_MS = 86_400_000;

let postgres: PostgresPart;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

describe.each(['PostgreSQL', 'PGlite'])('a closed day on %s', (kind) => {
  let shop: LiveShop;
  beforeAll(async () => {
    shop = new LiveShop(kind === 'PGlite' ? null : await postgres.createDatabase());
    await shop.open();
  }, 60_000);
  afterAll(() => shop.end());

  let first: string;

  test('closes without a line, goes on selling the next day, and is proven when the line is back', async () => {
    await shop.stamp(2);
    await shop.sync();
    await shop.lineDown();
    await shop.stamp(3);
    const closed = await shop.close();
    first = closed.businessDay;
    expect(closed).toMatchObject({
      opCount: 3,
      outstanding: 1,
      ranges: [{ fromTseq: 1, toTseq: 3 }],
      closedBy: 'Mei',
      proof: { state: 'pending', checkedAtMs: null },
    });
    expect(closed.lines.map(({ kind: what, count, units }) => [what, count, units])).toEqual([
      ['member.created', 1, 0],
      ['stamp.added', 2, 5],
    ]);
    await expect(shop.sync()).rejects.toMatchObject({ code: 'centre_unreachable' });
    expect((await shop.look(first)).problem?.code).toBe('unreachable');
    shop.realMs += DAY_MS;
    await shop.stamp(4);
    expect(
      (await shop.till.client['day.listCloses']({})).map((day) => [day.businessDay > first, day.proof]),
    ).toEqual([
      [true, 'open'],
      [false, 'pending'],
    ]);
    await shop.lineUp();
    await shop.sync();
    const proven = await shop.look(first);
    expect(proven.proof).toEqual({
      state: 'equal',
      checkedAtMs: shop.realMs,
      differenceCount: 0,
      differences: [],
      elsewhere: 0,
    });
    expect(proven.lines.every((line) => line.centre?.units === line.units)).toBe(true);
    expect(proven.outstanding).toBe(0);
    expect(shop.till.events.filter(({ name }) => name === 'day.proven')).toHaveLength(1);
  }, 30_000);

  test('a close ends its day: what follows belongs to the next one, and closing again changes nothing', async () => {
    const before = await shop.close();
    await shop.stamp(1);
    const running = (await shop.till.client['till.get']({})).businessDay;
    expect(running > before.businessDay).toBe(true);
    const again = await shop.close();
    expect([again.businessDay, again.closedAtMs, again.signature]).toEqual([
      before.businessDay,
      before.closedAtMs,
      before.signature,
    ]);
    await expect(shop.close(running)).rejects.toMatchObject({ code: 'day_not_closable' });
    await expect(shop.close('2020-01-01')).rejects.toMatchObject({ code: 'day_not_closable' });
    await shop.sync();
    expect((await shop.look(before.businessDay)).proof.state).toBe('equal');
    expect((await shop.look(first)).proof.state).toBe('equal');
  }, 30_000);
});

/** How many closed days that differ a manager sees. */
async function dayItems(shop: LiveShop, state: 'open' | 'answered'): Promise<number> {
  const { items } = await listInbox(shop.server.centre.database.sql, { state, after: '', limit: 9 });
  return items.filter(({ kind }) => kind === 'day_differs').length;
}

/** A day differs, is mended past the program, and asked about again. */
async function mendDay(shop: LiveShop): Promise<unknown[]> {
  shop.realMs += 2 * DAY_MS;
  await shop.stamp(1);
  await shop.sync();
  const { ranges } = await shop.look(null);
  const { toTseq } = must(ranges.at(-1), 'one stamp');
  const become = (delta: number) =>
    shop.sql(
      `update entries set delta = ${delta} where op_id = (select op_id from ops where tseq = ${toTseq})`,
    );
  await become(5);
  const { businessDay } = await shop.close();
  await shop.sync();
  const differing = await dayItems(shop, 'open');
  await become(1);
  await shop.close(businessDay);
  await shop.sync();
  const { state } = (await shop.look(businessDay)).proof;
  const told = [differing, state, await dayItems(shop, 'open'), await dayItems(shop, 'answered')];
  await become(7);
  for (let asked = 0; asked < 2; asked += 1) {
    await shop.close(businessDay);
    await shop.sync();
  }
  return [...told, await dayItems(shop, 'open'), await dayItems(shop, 'answered')];
}

describe.each(['PostgreSQL', 'PGlite'])('a ledger that was tampered with, on %s', (kind) => {
  let shop: LiveShop;
  beforeAll(async () => {
    shop = new LiveShop(kind === 'PGlite' ? null : await postgres.createDatabase());
    await shop.open();
  }, 60_000);
  afterAll(() => shop.end());

  test('each op that was changed, lost or not booked at the centre is named, among hundreds', async () => {
    shop.realMs += DAY_MS;
    for (let op = 0; op < 300; op += 1) await shop.stamp(1);
    await shop.sync();
    const running = await shop.look(null);
    const at = (n: number): number => must(running.ranges[0], 'one run').fromTseq + n;
    await shop.sql(
      `update ops set body = (replace(body::text, '"count":1', '"count":7'))::json where tseq = ${at(20)}`,
    );
    await shop.sql(`delete from ops where tseq = ${at(111)}`);
    await shop.sql(`delete from entries where op_id = (select op_id from ops where tseq = ${at(222)})`);
    await shop.sql(
      `update entries set delta = 5 where op_id = (select op_id from ops where tseq = ${at(250)})`,
    );
    const closed = await shop.close();
    await shop.sync();
    const { proof } = await shop.look(closed.businessDay);
    expect(proof).toMatchObject({ state: 'differs', differenceCount: 4 });
    expect(proof.differences.map(({ tseq, what }) => [tseq, what])).toEqual([
      [at(20), 'other_content'],
      [at(111), 'missing'],
      [at(222), 'not_booked'],
      [at(250), 'other_units'],
    ]);
    const { items } = await listInbox(shop.server.centre.database.sql, {
      state: 'open',
      after: '',
      limit: 9,
    });
    // Somebody who stamps one card three hundred times is told of too.
    expect(items.map(({ kind }) => kind).sort()).toEqual(['day_differs', 'own_card']);
    expect(items.filter(({ kind }) => kind !== 'own_card').map(({ detail }) => detail)).toEqual([
      {
        ...{ kind: 'day_differs', businessDay: closed.businessDay, incarnation: 1, differenceCount: 4 },
        differences: proof.differences,
      },
    ]);
  }, 60_000);

  test('what was mended is asked about again on request, and the newest answer counts', async () => {
    const before = await shop.look(
      (await shop.till.client['day.listCloses']({})).find((day) => day.proof === 'differs')?.businessDay ??
        '',
    );
    const tseq = must(before.proof.differences[0], 'the changed one').tseq;
    await shop.sql(
      `update ops set body = (replace(body::text, '"count":7', '"count":1'))::json where tseq = ${tseq}`,
    );
    await shop.sync();
    expect((await shop.look(before.businessDay)).proof.differenceCount).toBe(4);
    await shop.close(before.businessDay);
    await shop.sync();
    expect((await shop.look(before.businessDay)).proof.differenceCount).toBe(3);
    expect(await dayItems(shop, 'open')).toBe(1);
  }, 30_000);

  test('a day that is found equal after all leaves the manager’s list by itself, and comes again once it differs', async () => {
    expect(await mendDay(shop)).toEqual([2, 'equal', 1, 1, 2, 1]);
  }, 30_000);
});

test('more lost ops than one question has parts are all counted, and the first hundred named', async () => {
  const shop = new LiveShop(await postgres.createDatabase());
  await shop.open();
  for (let op = 0; op < 430; op += 1) await shop.stamp(1);
  await shop.sync();
  const { fromTseq } = must((await shop.look(null)).ranges[0], 'one run');
  await shop.sql(`delete from ops where tseq between ${fromTseq} and ${fromTseq + 419}`);
  const closed = await shop.close();
  await shop.sync();
  const { proof } = await shop.look(closed.businessDay);
  expect([proof.differenceCount, proof.differences.length]).toEqual([420, 100]);
  await shop.end();
}, 60_000);

test('a day that was equal is asked about once more after a start: its ledger can change later', async () => {
  const shop = new LiveShop(await postgres.createDatabase());
  await shop.open();
  await shop.stamp(1);
  await shop.sync();
  const { businessDay } = await shop.close();
  await shop.sync();
  expect((await shop.look(businessDay)).proof.state).toBe('equal');
  await shop.sql(`delete from entries where op_id = (select op_id from ops where tseq = 2)`);
  await shop.sync();
  expect((await shop.look(businessDay)).proof.state).toBe('equal');
  await shop.restartTill();
  await shop.sync();
  expect((await shop.look(businessDay)).proof).toMatchObject({ state: 'differs', differenceCount: 1 });
  await shop.end();
}, 60_000);
