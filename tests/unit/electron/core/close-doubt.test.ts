import { fdatasyncSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSpill, type SpillDisk } from '../../../../db/spill/spill-file.ts';
import { makeFolder, openTestTill, seedFolder, type TestTill } from '../../../parts/till.ts';

/** A disk that writes, and is full when asked whether it did. */
const disk = { isFull: false };
const fullDisk: SpillDisk = {
  write: (descriptor, bytes, position) => void writeSync(descriptor, bytes, 0, bytes.length, position),
  sync: (descriptor) => {
    if (disk.isFull) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
    fdatasyncSync(descriptor);
  },
};

const enrol = (till: TestTill, lastName: string) =>
  till.client['members.add']({
    opId: till.opId(),
    draft: { lastName },
    cardTypeId: null,
    cardNumber: null,
    hasMarketingConsent: false,
  });

test('a day is counted only when no action in doubt can come back into it (N10)', async () => {
  const dir = makeFolder();
  await seedFolder(dir);
  let till = openTestTill(dir, { spill: openSpill(join(dir, 'spill.log'), fullDisk) });
  await till.signIn('manager');
  await enrol(till, 'Tan');
  disk.isFull = true;
  await expect(enrol(till, 'Lim')).rejects.toMatchObject({ code: 'disk_full' });
  disk.isFull = false;
  const closed = await till.client['day.close']({ businessDay: null });
  expect(closed).toMatchObject({ opCount: 1, ranges: [{ fromTseq: 1, toTseq: 1 }] });
  await till.close();
  till = openTestTill(dir);
  await till.signIn('manager');
  // What the day holds is what was signed for, whatever a start finds.
  expect((await till.client['till.verify']({})).ownOps).toBe(1);
  await till.close();
  rmSync(dir, { recursive: true, force: true });
});
