import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { SpillFile } from '../../../../db/spill/spill-file.ts';
import { openTill } from '../../../../db/till/open.ts';
import { openOwnSpill } from '../../../../electron/core/spill.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import { endTestTill, KEY_HEX, startTestTill } from '../../../parts/till.ts';

/** Says up to which op a spill file was told to forget; `drop` as the backups do it. */
async function spillWith(reach: number | null) {
  const till = await startTestTill();
  await till.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  const told: (string | number)[] = [];
  const disk: SpillFile = {
    append: () => undefined,
    appendAll: () => undefined,
    takeBack: () => undefined,
    settle: () => undefined,
    forget: (_owner, tseq) => void told.push(tseq),
    close: () => undefined,
  };
  let has = reach;
  const drop = (): void => {
    told.push('dropped');
    has = null;
  };
  const backup = { reach: () => has, drop };
  const folder = { dataDir: till.dir, log: pino({ level: 'silent' }), backup };
  const spill = openOwnSpill(folder, createTillSettings(file.settings), disk);
  const end = async (): Promise<void> => {
    file.close();
    await endTestTill({ ...till, close: () => Promise.resolve() });
  };
  return { spill, told, end };
}

test('the spill keeps what the backup lacks, though the centre has it: both together are the whole chain', async () => {
  const { spill, told, end } = await spillWith(7);
  spill.forget(5);
  spill.forget(20);
  expect(told).toEqual([5, 7]);
  await end();
});

test('without a backup it forgets what the centre has', async () => {
  const { spill, told, end } = await spillWith(null);
  spill.forget(20);
  expect(told).toEqual([20]);
  await end();
});

test('when somebody is erased, the backup goes before any record does', async () => {
  const { spill, told, end } = await spillWith(7);
  spill.forget(20, true);
  expect(told).toEqual(['dropped', 20]);
  await end();
});
