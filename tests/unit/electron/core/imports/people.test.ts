import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openImports } from '../../../../../db/imports/open.ts';
import type { ImportsDb } from '../../../../../db/imports/types.ts';
import { openReplica } from '../../../../../db/replica/open.ts';
import { createRowTable } from '../../../../parts/ops.ts';
import type { MemberId } from '../../../../../sync/base/ids.ts';
import { createImportDesk, type ImportDesk } from '../../../../../electron/core/imports/desk.ts';
import type { Core } from '../../../../../electron/core/ctx.ts';
import { createPortPair } from '../../../../../electron/contract/port.ts';
import { takeOfficeSeat } from '../../../../../electron/core/office-seat.ts';
import { takeTillSeat } from '../../../../../electron/core/seat.ts';
import { openTill } from '../../../../../db/till/open.ts';
import { EMPTY_ROWS } from '../../../../../sync/model/feed.ts';
import { endTestTill, KEY_HEX, openTestTill, startTestTill, type TestTill } from '../../../../parts/till.ts';
import { csv, rehearse, sendFile, start, undo } from './files.ts';

let till: TestTill;
beforeEach(async () => {
  till = await startTestTill();
  await till.signIn('manager');
});
afterEach(() => endTestTill(till));

const HEAD = ['full_name', 'mobile_number'];
const fileOf = (name: string): string => csv(HEAD, [name, '91110001']);
const idOf = async (text: string): Promise<MemberId> => {
  const { members } = await till.client['members.lookup']({ text });
  return members[0]?.memberId ?? ('' as MemberId);
};
const reopen = async (): Promise<void> => {
  till = openTestTill(till.dir);
  await till.signIn('manager');
};
async function inFile<T>(look: (db: ImportsDb) => T): Promise<T> {
  await till.close();
  const db = openImports({ path: join(till.dir, 'imports.db'), keyHex: KEY_HEX });
  const found = look(db);
  db.close();
  await reopen();
  return found;
}

test('an undo leaves an imported member alone who is one person with another by now', async () => {
  await start(till.client, await rehearse(till.client, csv(HEAD, ['Old', '91110001'])));
  const run = await start(till.client, await rehearse(till.client, csv(HEAD, ['New', '91110002'])));
  const [old, made] = [await idOf('91110001'), await idOf('91110002')];
  await till.close();
  const own = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  const table = createRowTable();
  for (const { op } of [...own.ops.listOpen(old, 0), ...own.ops.listOpen(made, 0)]) table.apply(op);
  own.close();
  const replica = openReplica({ path: join(till.dir, 'replica.db'), keyHex: KEY_HEX });
  const members = [...table.members.values()].map((row) =>
    row.memberId === made ? { ...row, mergedIntoId: old } : row,
  );
  replica.apply({ ...EMPTY_ROWS, members }, { epoch: 'e', cursor: 200, isSettled: true });
  replica.close();
  await reopen();
  expect(await undo(till.client, run)).toMatchObject({ state: 'undone', counts: { kept: 1 } });
  expect((await till.client['members.get']({ memberId: old })).fields).toMatchObject({ lastName: 'Old' });
  expect(await idOf('91110001')).toBe(old);
});

const consents = async (isWithdrawn: boolean): Promise<boolean> => {
  const head = [...HEAD, 'marketing_materials_consent'];
  await start(till.client, await rehearse(till.client, csv(head, ['Tan', '91110001', 'TRUE'])));
  const run = await start(till.client, await rehearse(till.client, csv(head, ['Tan', '91110001', ''])));
  const memberId = await idOf('91110001');
  if (isWithdrawn) {
    await till.client['consents.record']({ opId: till.opId(), memberId, isGranted: false });
  }
  await undo(till.client, run);
  return (await till.client['members.get']({ memberId })).hasMarketingConsent;
};
test.each([true, false])(
  'an undo gives a consent back unless it was withdrawn since (%s)',
  async (isWithdrawn) => {
    expect(await consents(isWithdrawn)).toBe(!isWithdrawn);
  },
);

test('a row that was erased before its run is left, and the others run', async () => {
  await start(till.client, await rehearse(till.client, fileOf('Tan')));
  const again = csv(HEAD, ['Lim', '91110001'], ['Ng', '91110002']);
  const run = await rehearse(till.client, again);
  const memberId = await idOf('91110001');
  await inFile((db) => db.erase(memberId));
  expect(await start(till.client, run)).toMatchObject({ state: 'done', counts: { done: 1, invalid: 1 } });
});

test('of a cancelled run neither file nor rows stay', async () => {
  const { runId, runNo } = await rehearse(till.client, fileOf('Tan'));
  await till.client['imports.cancel']({ runId });
  expect(await inFile((db) => [db.receivedBytes(runNo), db.listRows(runNo, 0, 9)])).toEqual([0, []]);
});

test('a check that was cut off waits for a person', async () => {
  const { runId, runNo } = await sendFile(till.client, Buffer.from(fileOf('Tan')));
  await inFile((db) => db.saveRun({ ...db.findRun(runId), runNo, runId, state: 'checking' } as never));
  till.core.start();
  expect((await till.client['imports.get']({ runId })).state).toBe('mapping');
});

test('an erasure takes files and rows that are nobody’s, and says so once it has', async () => {
  const faulty = await rehearse(till.client, csv(HEAD, ['Erasmus', 'no number']));
  const open = await sendFile(till.client, Buffer.from(fileOf('Erasmus')));
  await till.close();
  const core = { log: pino({ level: 'silent' }), clock: { wallMs: () => Date.now() } } as unknown as Core;
  const desk: ImportDesk = createImportDesk(() => core, { dataDir: till.dir, keyHex: KEY_HEX });
  expect(desk.erase('m')).toBe(false);
  while (!desk.erase('m')) await new Promise((resolve) => setImmediate(resolve));
  const db = desk.db();
  expect([db.receivedBytes(faulty.runNo), db.receivedBytes(open.runNo)]).toEqual([0, 0]);
  expect(db.listRows(faulty.runNo, 0, 9)).toMatchObject([{ cells: '' }]);
  expect(desk.find(open.runId).state).toBe('cancelled');
  await desk.close();
  await reopen();
});

test('what was read before a pause does not bring back what was erased on it', async () => {
  const run = await start(till.client, await rehearse(till.client, fileOf('Tan')));
  const memberId = await idOf('91110001');
  const former = await inFile((db) => {
    const [row] = db.listRows(run.runNo, 0, 1);
    db.erase(memberId);
    db.saveRow(run.runNo, { rowNo: row?.rowNo ?? 0, action: 'create', status: 'kept', codes: '', memberId });
    return db.listRows(run.runNo, 0, 1)[0]?.former;
  });
  expect(former).toBe('');
});

test.each([
  ['manager', true],
  ['cashier', false],
] as const)('the page of a %s hears of imports: %s', async (role, isHeard) => {
  const session = { person: { staffId: 's', login: role, name: role, role } };
  const ignore = (): void => undefined;
  const check = () => Promise.resolve(session);
  const sessions = { resume: () => session, check, take: ignore, note: ignore };
  const directory = { staff: () => ({ ...session.person, isGone: false, pinHash: '' }) };
  const core = { sessions, directory, settings: {}, publish: () => undefined } as unknown as Core;
  const office = takeOfficeSeat(core, createPortPair()[0]);
  expect(office.hears('imports.changed')).toBe(false);
  await office.signIn({ login: role, pin: '' });
  const seats = [takeTillSeat(core, 'page'), office];
  expect(seats.map((seat) => seat.hears('imports.changed'))).toEqual([isHeard, isHeard]);
  expect(seats.map((seat) => seat.hears('data.changed'))).toEqual([true, true]);
});
