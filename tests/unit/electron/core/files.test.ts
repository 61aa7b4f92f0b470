import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReplica } from '../../../../db/replica/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import { startAnew } from '../../../../electron/core/exchange-step.ts';
import { adoptFill, openCopy, type CopySlot } from '../../../../electron/core/files.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import { EMPTY_ROWS } from '../../../../sync/model/feed.ts';
import { KEY_HEX, makeFolder, seedFolder } from '../../../parts/till.ts';
import { accountId, opId } from '../../db/samples.ts';

let dir: string;
let slot: CopySlot;
let faults: string[];
const folderOf = (dataDir: string) => ({ dataDir, keyHex: KEY_HEX, log: pino({ level: 'silent' }) });

beforeEach(async () => {
  dir = makeFolder();
  await seedFolder(dir);
  faults = [];
  slot = {
    till: openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX }),
    copy: openReplica({ path: join(dir, 'replica.db'), keyHex: KEY_HEX }),
    onDiskFault: (code) => void faults.push(code),
  };
});
afterEach(() => {
  slot.copy.close();
  slot.till.close();
  rmSync(dir, { recursive: true, force: true });
});

test('a fill that can not be put in place leaves the copy in use', () => {
  expect(() => adoptFill(slot, folderOf(dir))).toThrow('ENOENT');
  expect([slot.copy.meta().cursor, faults]).toEqual([100, []]);
});

test('where no copy can be opened any more, the host is told, and a fresh core looks again', () => {
  rmSync(join(dir, 'replica.db'));
  mkdirSync(join(dir, 'replica.db'));
  expect(() => adoptFill(slot, folderOf(dir))).toThrow('replica');
  expect(faults).toEqual(['io']);
});

test('after a cut between forgetting the numbers of own ops and letting the copy go, its rows are not laid under these ops', async () => {
  const { till, copy } = slot;
  const cut = async (forgetNumbers: () => void): Promise<void> => {
    forgetNumbers();
    throw new Error('the power failed');
  };
  await expect(startAnew({ till, replica: copy }, cut)).rejects.toThrow('the power failed');
  const openAgain = (): number => {
    slot.copy.close();
    slot.copy = openCopy(folderOf(dir), till);
    return slot.copy.meta().cursor;
  };
  expect(openAgain()).toBe(0);
  slot.copy.apply(EMPTY_ROWS, { epoch: 'anew', cursor: 7, isSettled: true });
  expect(openAgain()).toBe(7);
});

test('grants go with the numbers of own ops: a centre that was put back may give their units to another till (I8)', async () => {
  const { till, copy } = slot;
  const settings = createTillSettings(till.settings);
  settings.setGrants({ [accountId(1)]: { holdId: opId(1), left: 50 } });
  const seen: unknown[] = [];
  const cut = async (forgetNumbers: () => void): Promise<void> => {
    forgetNumbers();
    seen.push(settings.grants(), settings.lettingGo());
    throw new Error('the power failed');
  };
  await expect(startAnew({ till, replica: copy }, cut)).rejects.toThrow('the power failed');
  expect(seen).toEqual([{}, []]);
});
