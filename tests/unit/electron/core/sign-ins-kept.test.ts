import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backUpTill } from '../../../../db/till/back-up.ts';
import { openTill } from '../../../../db/till/open.ts';
import { openSalvage } from '../../../../db/till/salvage.ts';
import type { StoredSignIn, TillDb } from '../../../../db/till/types.ts';
import { openOwnFile } from '../../../../electron/core/files.ts';
import { noteDoubt } from '../../../../electron/core/mending/mending.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import { must } from '../../../../sync/base/must.ts';
import { damageHeader, damageMiddle, damageTable } from '../../../parts/damage.ts';
import { KEY_HEX, makeFolder, seedFolder } from '../../../parts/till.ts';

/** Who showed a PIN here is asked when something is wrong with a till: its list outlives what happens to its file. */

const ALL = Number.MAX_SAFE_INTEGER;
const place = () => ({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
let dir: string;
beforeEach(async () => {
  dir = makeFolder();
  await seedFolder(dir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function change<T>(act: (till: TillDb) => T): T {
  const till = openTill(place());
  try {
    return act(till);
  } finally {
    till.close();
  }
}
const all = (till: TillDb): StoredSignIn[] => till.signIns.listBefore(ALL, ALL);

/** So many right PINs of `staffId`, a minute apart; wrong ones of nobody, which are one line. */
function show(staffId: string, count: number): void {
  const told = { act: 'sign_in', outcome: 'right', place: 'till', memberId: '' };
  change((till) =>
    till.transaction(() => {
      for (let at = 0; at < count; at += 1) till.signIns.add({ ...told, staffId, atMs: 60_000 * at }, 'each');
      for (const atMs of [1, 2, 3])
        till.signIns.add({ ...told, staffId: '', outcome: 'wrong', atMs }, 'together');
    }),
  );
}

/** The list as the next start has it. */
function afterStart(): StoredSignIn[] {
  const { till } = openOwnFile({ dataDir: dir, keyHex: KEY_HEX, log: pino({ level: 'silent' }) });
  const lines = all(till);
  till.close();
  return lines;
}

test('a file that was put back from a copy is set aside: the list goes on in the fresh one, line by line', () => {
  show('mei', 1_200);
  const before = change((till) => {
    const settings = createTillSettings(till.settings);
    const enrolment = must(settings.enrolment(), 'enrolled');
    settings.setRenewal({
      ...{ enrolment: { ...enrolment, incarnation: 2 }, cardBlock: { blockId: 2, numbers: [] } },
    });
    return all(till);
  });
  expect(afterStart()).toEqual(before);
  expect(before.map(({ tries }) => tries).slice(0, 2)).toEqual([3, 1]);
  // It counts on from there.
  show('tan', 1);
  expect(change(all).slice(0, 2)).toMatchObject([
    { signInNo: 1_202, staffId: 'tan' },
    { signInNo: 1_201, tries: 6 },
  ]);
});

test.each([
  ['a page of the actions', () => damageTable(place(), 'ops'), 5],
  ['the list itself', () => damageTable(place(), 'sign_ins'), 2],
  ['the first page', () => damageHeader(place().path), 2],
])('%s is damaged: what can be read of the list is there, else what the backup has', (_, damage, right) => {
  show('mei', 2);
  backUpTill({ ...place(), target: `${place().path}.backup-1-0` });
  show('tan', 3);
  damage();
  noteDoubt(dir);
  const lines = afterStart();
  expect(lines.filter(({ outcome }) => outcome === 'right')).toHaveLength(right);
  // A line of the backup that has counted on since is that of the damaged file.
  expect(lines.filter(({ outcome }) => outcome === 'wrong')).toMatchObject([{ tries: right === 5 ? 6 : 3 }]);
});

test('lines on both sides of a page that can not be read are found', () => {
  show('mei', 1_200);
  damageMiddle(place(), 'sign_ins');
  const salvage = must(openSalvage(place()), 'the rest can be read');
  const numbers = salvage.signIns().map(({ signInNo }) => signInNo);
  salvage.close();
  expect([Math.max(...numbers), Math.min(...numbers)]).toEqual([1_201, 1]);
  expect([numbers.length > 1_000, numbers.length < 1_201]).toEqual([true, true]);
});
