import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFile } from '../../../../db/open.ts';
import { must } from '../../../../sync/base/must.ts';
import {
  endTestTill,
  KEY_HEX,
  makeFolder,
  openTestTill,
  seedFolder,
  type TestTill,
} from '../../../parts/till.ts';
import * as sample from '../../db/samples.ts';

let till: TestTill;
let dir: string;

async function start(prepare: () => void): Promise<void> {
  prepare();
  till = openTestTill(dir);
  await till.signIn('cashier');
}

beforeEach(async () => {
  dir = makeFolder();
  const { members, cards, accounts } = sample.shopRows(30);
  const family = sample.member(31, { lastName: 'Ong', phone: sample.member(3).mobile });
  const longer = sample.member(32, {
    lastName: 'Abroad',
    mobile: `+4915${must(sample.member(3).mobile, 'has one').slice(3)}`,
  });
  await seedFolder(dir, { rows: { members: [...members, family, longer], cards, accounts } });
});
afterEach(() => endTestTill(till));

/** As right after a copy was filled in bulk: no keys yet, and a run of them begun. */
function dropKeys(): void {
  const raw = openFile({ path: join(dir, 'replica.db'), keyHex: KEY_HEX, file: 'replica' });
  raw.exec(
    'DELETE FROM search_keys; INSERT INTO key_runs (run) VALUES (2); ' +
      'UPDATE key_state SET built = 0, batch_run = 2, until = (SELECT max(rowid) FROM members)',
  );
  raw.close();
}

const find = async (text: string) => {
  const { members, incomplete, by } = await till.client['members.lookup']({ text });
  return { ids: members.map(({ memberId }) => memberId), incomplete, by };
};

test('while keys are being made, the answer says so; cards and whole mobiles are found all the same', async () => {
  await start(dropKeys);
  expect(await find('tan wei 7')).toEqual({ ids: [], incomplete: 'sorting', by: 'search' });
  expect(await find('0000007')).toEqual({ ids: [], incomplete: 'sorting', by: 'search' });
  const mobile = must(sample.member(7).mobile, 'has one');
  expect((await find(mobile)).ids).toEqual([sample.memberId(7)]);
  expect((await find(mobile.slice(3))).ids).toEqual([sample.memberId(7)]);
  const hits = await till.client['members.findDuplicates']({ draft: { mobile }, exceptMemberId: null });
  expect(hits.map(({ memberId }) => memberId)).toEqual([sample.memberId(7)]);
});

test('with all keys made, the answer says nothing of it', async () => {
  await start(() => undefined);
  expect(await find('tan wei 7')).toEqual({
    ids: [sample.memberId(7)],
    incomplete: undefined,
    by: 'search',
  });
});

test('a whole number finds whose it is, as mobile or second phone, and not who has it as a part', async () => {
  await start(() => undefined);
  const mobile = must(sample.member(3).mobile, 'has one');
  expect((await find(mobile.slice(3))).ids).toEqual([sample.memberId(3), sample.memberId(31)]);
  const byPart = await find(mobile.slice(-5));
  expect(byPart.ids).toEqual(expect.arrayContaining([3, 31, 32].map((n) => sample.memberId(n))));
});

test('before the first copy is whole, who is not found may be on the way, by card too, and the answer says so', async () => {
  rmSync(dir, { recursive: true });
  dir = makeFolder();
  await seedFolder(dir, { isSettled: false });
  await start(() => undefined);
  for (const text of ['tan', '91110001', sample.cardNumber(3)])
    expect(await find(text)).toMatchObject({ ids: [], incomplete: 'arriving' });
});

test('a copy without documents, as one just put in place, shuts nobody out of the till', async () => {
  rmSync(dir, { recursive: true });
  dir = makeFolder();
  await seedFolder(dir, { rows: { documents: [] }, isSettled: false });
  await start(() => undefined);
  expect(await till.client['sync.getStatus']({})).toMatchObject({ state: 'idle', isFilling: false });
});
