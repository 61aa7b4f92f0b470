import { mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import type { SpillFile } from '../../../../db/spill/spill-file.ts';
import { openReplica } from '../../../../db/replica/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import { createBackups } from '../../../../electron/core/mending/backups.ts';
import { confirmPurged, purge, purgedErasure } from '../../../../electron/core/purge.ts';
import { openOwnSpill } from '../../../../electron/core/spill.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import { addStampMember } from '../../../parts/storm-ledger.ts';
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
  spill.forgetErased(20, { upTo: 1, isBlanked: false });
  expect(told).toEqual(['dropped', 20]);
  await end();
});

test('an answer that repeats erasures drops no backup again, unless one of them was blanked only now', async () => {
  const { spill, told, end } = await spillWith(7);
  const erased = (upTo: number, isBlanked: boolean) => spill.forgetErased(20, { upTo, isBlanked });
  erased(3, false);
  erased(3, false);
  expect(told).toEqual(['dropped', 20]);
  erased(3, true);
  erased(4, false);
  erased(2, false);
  expect(told).toEqual(['dropped', 20, 'dropped', 20, 'dropped', 20]);
  await end();
});

test('what is blanked only once the centre has it is told before the receipt, and then never again', async () => {
  const till = await startTestTill();
  const memberIds = [(await addStampMember(till.client, 'Tan')).memberId];
  await till.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  const replica = openReplica({ path: join(till.dir, 'replica.db'), keyHex: KEY_HEX });
  const receipts: number[] = [];
  const answer = (): void => {
    const onBlanked = (): void => void receipts.push(purgedErasure({ till: file, replica }));
    purge({ till: file, replica, onBlanked }, { memberIds, upTo: 1 });
    confirmPurged(replica, { memberIds, upTo: 1 });
  };
  answer();
  expect([receipts, purgedErasure({ till: file, replica })]).toEqual([[], 0]);
  file.ops.recordAcks([{ firstTseq: 1, count: file.ops.counts().total, firstSeq: 101 }], []);
  answer();
  answer();
  expect([receipts, purgedErasure({ till: file, replica })]).toEqual([[0], 1]);
  replica.close();
  file.close();
  await endTestTill({ ...till, close: () => Promise.resolve() });
});

/** Backups of a till's closed folder; `room` is what its disk says is free. */
async function keeperOf(room: { free: number }) {
  const till = await startTestTill();
  await till.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  const faults: string[] = [];
  const backups = createBackups({
    till: file,
    settings: createTillSettings(file.settings),
    dataDir: till.dir,
    keyHex: KEY_HEX,
    log: pino({ level: 'silent' }),
    backUpAfterMs: 0,
    freeBytes: () => room.free,
    onDamaged: () => void faults.push('damaged'),
  });
  const end = async (): Promise<void> => {
    await backups.close();
    file.close();
    await endTestTill({ ...till, close: () => Promise.resolve() });
  };
  const copies = () => readdirSync(till.dir).filter((name) => name.startsWith('till.db.backup'));
  return { backups, file, dir: till.dir, copies, faults, end };
}

/** Only what is asked how long ago something was; everything else goes on by the real clock. */
async function withHours(act: () => Promise<void>): Promise<void> {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    await act();
  } finally {
    vi.useRealTimers();
  }
}
const HOUR_MS = 3_600_001;

test('a copy leaves the disk the room that sales need; an hour later it is looked at again', () =>
  withHours(async () => {
    const room = { free: 100_000_000 };
    const { backups, copies, end } = await keeperOf(room);
    vi.advanceTimersByTime(HOUR_MS);
    await backups.tend();
    expect(copies()).toEqual([]);
    room.free = 1_000_000_000;
    await backups.tend();
    expect(copies()).toEqual([]);
    vi.advanceTimersByTime(HOUR_MS);
    await backups.tend();
    expect(copies()).toEqual(['till.db.backup-1-0']);
    await end();
  }));

test('a copy that fails leaves nothing behind, and is tried again in an hour, not at each sync', () =>
  withHours(async () => {
    const { backups, copies, dir, faults, end } = await keeperOf({ free: 1_000_000_000 });
    const taken = join(dir, 'till.db.backup-1-0');
    mkdirSync(taken);
    vi.advanceTimersByTime(HOUR_MS);
    await backups.tend();
    expect(copies()).toEqual(['till.db.backup-1-0']);
    rmdirSync(taken);
    await backups.tend();
    expect(copies()).toEqual([]);
    vi.advanceTimersByTime(HOUR_MS);
    await backups.tend();
    expect([copies(), faults]).toEqual([['till.db.backup-1-0'], []]);
    await end();
  }));

test('the spill waits for a backup of 5,000 actions ago no longer: it must not grow without end', async () => {
  const { backups, file, end } = await keeperOf({ free: 1_000_000_000 });
  await backups.tend();
  const last = file.ops.last;
  const at = (tseq: number) =>
    vi.spyOn(file.ops, 'last').mockReturnValue({ tseq } as ReturnType<typeof last>);
  at(5_000);
  expect(backups.reach()).toBe(0);
  at(5_001);
  expect(backups.reach()).toBeNull();
  vi.restoreAllMocks();
  await end();
});
