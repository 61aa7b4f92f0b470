import { expect, test } from 'vitest';
import type { SyncStatus } from '../../../../../electron/contract/till.ts';
import { chipOf } from '../../../../../renderer/features/sync-status/chip.ts';

const status = (changes: Partial<SyncStatus>): SyncStatus => ({
  state: 'idle',
  outstanding: 0,
  held: 0,
  lastSyncAtMs: 1,
  nextTryAtMs: null,
  clockAheadMs: 0,
  cursor: 0,
  isFilling: false,
  members: 0,
  membersOf: 0,
  problem: null,
  ...changes,
});

test.each([
  [{ state: 'off' }, null],
  [{}, { tone: 'calm', key: 'chip.allSent', count: 0 }],
  [{ lastSyncAtMs: null }, { tone: 'calm', key: 'chip.notYet', count: 0 }],
  [
    { members: 100, membersOf: 5000 },
    { tone: 'wait', key: 'chip.arriving', count: 0 },
  ],
  [
    { outstanding: 2, members: 100, membersOf: 5000 },
    { tone: 'wait', key: 'chip.waiting', count: 2 },
  ],
  [{ outstanding: 2 }, { tone: 'wait', key: 'chip.waiting', count: 2 }],
  [
    { state: 'syncing', outstanding: 2 },
    { tone: 'wait', key: 'chip.waiting', count: 2 },
  ],
  [{ state: 'offline' }, { tone: 'offline', key: 'chip.offline', count: 0 }],
  [
    { state: 'offline', outstanding: 5 },
    { tone: 'offline', key: 'chip.offlineWaiting', count: 5 },
  ],
  [
    { state: 'stopped', outstanding: 5 },
    { tone: 'stopped', key: 'chip.stopped', count: 5 },
  ],
] as const)('the chip for %o', (changes, chip) => {
  expect(chipOf(status(changes))).toEqual(chip);
});
