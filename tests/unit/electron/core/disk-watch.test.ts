import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pino } from 'pino';
import { watchDisk } from '../../../../electron/core/disk-watch.ts';
import { addStampCard, stamp } from '../../../parts/storm-ledger.ts';
import { makeFolder, openTestTill, seedFolder } from '../../../parts/till.ts';

const MB = 1_000_000;
const log = pino({ level: 'silent' });

let dir: string;
beforeEach(async () => {
  dir = makeFolder();
  await seedFolder(dir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test.each([
  [500 * MB, 'enough'],
  [500 * MB - 1, 'low'],
  [100 * MB, 'low'],
  [100 * MB - 1, 'short'],
])('%d bytes of room are %s (R-D6)', (free, room) => {
  expect(watchDisk({ dataDir: dir, freeBytes: () => free, log }, () => undefined).room()).toBe(room);
});

test('the page is told when the room changes, and by nothing else; a disk that does not tell has room', () => {
  vi.useFakeTimers();
  try {
    const answers = [900 * MB, 900 * MB, 50 * MB, 50 * MB];
    const freeBytes = (): number => {
      const next = answers.shift();
      if (next === undefined) throw new Error('no answer');
      return next;
    };
    const told: string[] = [];
    const disk = watchDisk({ dataDir: dir, freeBytes, log }, () => told.push(disk.room()));
    disk.start();
    vi.advanceTimersByTime(5 * 60_000);
    disk.stop();
    expect(told).toEqual(['short', 'enough']);
  } finally {
    vi.useRealTimers();
  }
});

test('with hardly any room nobody is enrolled, while members are served as always (R-D6)', async () => {
  const rich = openTestTill(dir, { freeBytes: () => 101 * MB });
  await rich.signIn('cashier');
  const cardId = await addStampCard(rich.client, 'Early');
  expect((await rich.client['till.get']({})).disk).toBe('low');
  await rich.close();
  const poor = openTestTill(dir, { freeBytes: () => 99 * MB });
  await poor.signIn('cashier');
  const confirmed = new Set<never>();
  await stamp({ client: poor.client, cardId, confirmed });
  await expect(addStampCard(poor.client, 'Late')).rejects.toMatchObject({ code: 'disk_short' });
  expect([confirmed.size, (await poor.client['till.get']({})).disk]).toEqual([1, 'short']);
  await poor.close();
});
