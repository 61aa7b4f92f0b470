import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReplica } from '../../../../db/replica/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import { adoptFill, type CopySlot } from '../../../../electron/core/files.ts';
import { KEY_HEX, makeFolder, seedFolder } from '../../../parts/till.ts';

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
