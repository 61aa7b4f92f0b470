import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReplica } from '../../../../db/replica/open.ts';
import type { ReplicaDb } from '../../../../db/replica/types.ts';
import { openTill } from '../../../../db/till/open.ts';
import type { TillDb } from '../../../../db/till/types.ts';
import { markIn, markToShow } from '../../../../electron/core/exchange-step.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import { EMPTY_ROWS } from '../../../../sync/model/feed.ts';
import { markNumber, markNumberText } from '../../../../sync/protocol/mark.ts';
import { KEY_HEX, makeFolder } from '../../../parts/till.ts';

let folder: string;
let till: TillDb;
let replica: ReplicaDb;
beforeEach(() => {
  folder = makeFolder();
  till = openTill({ path: join(folder, 'till.db'), keyHex: KEY_HEX });
  replica = openReplica({ path: join(folder, 'replica.db'), keyHex: KEY_HEX });
});
afterEach(() => {
  till.close();
  replica.close();
  rmSync(folder, { recursive: true, force: true });
});

const markOf = (seq: number): string => `${markNumberText(seq)}.0123`;
const reach = (mark: string): void =>
  replica.apply(EMPTY_ROWS, { epoch: 'e', cursor: 7, isSettled: true, mark });

test('of the marks that the two files kept the younger is shown, and none of another epoch', () => {
  const settings = createTillSettings(till.settings);
  const shown = (): string => markToShow({ settings, replica });
  expect(shown()).toBe('');
  reach(markOf(40));
  expect(shown()).toBe(markOf(40));
  settings.setMark({ epoch: 'e', mark: markOf(9) });
  expect(shown()).toBe(markOf(40));
  settings.setMark({ epoch: 'e', mark: markOf(1_300) });
  expect(shown()).toBe(markOf(1_300));
  settings.setMark({ epoch: 'before', mark: markOf(9_000) });
  expect([shown(), markIn(settings, 'e')]).toEqual([markOf(40), undefined]);
});

test('what the program before kept is shown on, in the epoch of the numbers that own ops have', () => {
  const settings = createTillSettings(till.settings);
  till.settings.set('centre-mark', markOf(12));
  expect(settings.mark()).toBeNull();
  settings.setAckEpoch('e');
  expect(settings.mark()).toEqual({ epoch: 'e', mark: markOf(12) });
  settings.setMark({ epoch: 'f', mark: markOf(3) });
  expect(settings.mark()).toEqual({ epoch: 'f', mark: markOf(3) });
});

test('a text that is no mark is about no number', () => {
  expect(['', 'x', '.1', 'ABC.1'].map(markNumber)).toEqual([0, 0, 0, 0]);
  expect(markNumber(markOf(71))).toBe(71);
});
