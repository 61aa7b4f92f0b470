import {
  copyFileSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { backUpTill } from '../../../../db/till/back-up.ts';
import { openTill } from '../../../../db/till/open.ts';
import { openSalvage } from '../../../../db/till/salvage.ts';
import type { TillDb } from '../../../../db/till/types.ts';
import { openOwnFile, removeOutlived } from '../../../../electron/core/files.ts';
import { copyFile, copyReadable } from '../../../../electron/core/mending/copy-file.ts';
import { noteDoubt } from '../../../../electron/core/mending/mending.ts';
import { finishRenewal } from '../../../../electron/core/renewal.ts';
import { createTillSettings, type TillSettings } from '../../../../electron/core/till-settings.ts';
import { damageHeader, damageTable } from '../../../parts/damage.ts';
import { KEY_HEX, makeFolder, seedFolder } from '../../../parts/till.ts';
import { opChain, stamp } from '../../db/samples.ts';

/** What a mending leaves in a till's folder, without a centre. */

let dir: string;
let path: string;
const folder = () => ({ dataDir: dir, keyHex: KEY_HEX, log: pino({ level: 'silent' }) });
beforeEach(async () => {
  dir = makeFolder();
  path = join(dir, 'till.db');
  await seedFolder(dir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function change(act: (settings: TillSettings, till: TillDb) => void): void {
  const till = openTill({ path, keyHex: KEY_HEX });
  act(createTillSettings(till.settings), till);
  till.close();
}
const backUp = () => backUpTill({ path, keyHex: KEY_HEX, target: `${path}.backup-1-0` });
const files = (words: string) => readdirSync(dir).filter((name) => name.includes(words));

/** The till's own file as a start has it. */
function started<T>(act: (settings: TillSettings, own: ReturnType<typeof openOwnFile>) => T): T {
  const own = openOwnFile(folder());
  try {
    return act(createTillSettings(own.till.settings), own);
  } finally {
    own.till.close();
  }
}

test.each([
  ['a page of the actions', () => damageTable({ path, keyHex: KEY_HEX }, 'ops'), null],
  ['the header', () => damageHeader(path), 'till_lost'],
])('%s is damaged: what was taken away since the backup does not come back with it', (_, damage, stopped) => {
  change((settings, till) => {
    settings.setSession({ bootId: 'boot', staffId: 'staff', startedAtMs: 1 });
    settings.setStoppedBy('till_lost');
    till.settings.set('purgedErasure', 7);
  });
  backUp();
  change((settings) => {
    settings.clearSession();
    settings.setStoppedBy(null);
  });
  damage();
  noteDoubt(dir);
  started((settings, { till, isMended }) => {
    // Where nothing can be read nobody knows more than the backup: but a person signs in again, and erasures are told.
    const purged = till.settings.get('purgedErasure', z.int());
    expect([isMended, settings.session(), settings.stoppedBy(), purged]).toEqual([
      true,
      null,
      stopped,
      undefined,
    ]);
    expect(settings.enrolment()?.incarnation).toBe(1);
  });
});

/** A backup without an action, one saved since, then neither file nor spill can be read. */
function loseOneAction(): void {
  backUp();
  change((_, till) => till.transaction(() => till.ops.append(opChain()(stamp(1)), [])));
  damageHeader(path);
}
const DAY_MS = 24 * 3_600_000;
const syncedAt = (settings: TillSettings, trustedMs: number): void =>
  settings.setTrustedClock({ offsetMs: 0, trustedMs, tseq: 0 });

test('the damaged file stays where nobody can say what it alone has, and goes five weeks later', async () => {
  loseOneAction();
  const own = openOwnFile(folder());
  const settings = createTillSettings(own.till.settings);
  expect(settings.mended()).toMatchObject({ state: 'gap', isSpillSound: false });
  for (const day of [1, 36]) {
    syncedAt(settings, day * DAY_MS);
    await removeOutlived(folder(), own.till);
    expect(files('damaged')).toEqual(['till.db.damaged-1']);
  }
  syncedAt(settings, 37 * DAY_MS);
  await removeOutlived(folder(), own.till);
  expect(files('damaged')).toEqual([]);
  own.till.close();
});

test('the next incarnation ends the gap, and the damaged file stays all the same', async () => {
  loseOneAction();
  started((settings) => {
    const enrolment = settings.enrolment();
    if (enrolment === null) throw new Error('enrolled');
    settings.setRenewal({
      enrolment: { ...enrolment, incarnation: 2 },
      cardBlock: { blockId: 2, numbers: [] },
    });
  });
  const own = openOwnFile(folder());
  const settings = createTillSettings(own.till.settings);
  expect([settings.enrolment()?.incarnation, settings.mended()]).toMatchObject([
    2,
    { state: 'whole', isSpillSound: false },
  ]);
  settings.setAsides([]);
  syncedAt(settings, DAY_MS);
  await removeOutlived(folder(), own.till);
  expect(files('damaged')).toEqual(['till.db.damaged-1']);
  own.till.close();
});

test('an empty file beside a sound backup is a file that is gone, not a new till', () => {
  backUp();
  truncateSync(path, 0);
  started((settings, { isMended }) =>
    expect([isMended, settings.enrolment()?.incarnation]).toEqual([true, 1]),
  );
});

test('a mending that was cut off is begun anew: what it had half made is no till’s file', () => {
  backUp();
  rmSync(path);
  const log = pino({ level: 'silent' });
  log.error = (_: unknown, words?: unknown): void => {
    if (String(words).endsWith('file is mended')) throw new Error('the power went');
  };
  expect(() => openOwnFile({ ...folder(), log })).toThrow('the power went');
  started((settings, { isMended }) => {
    expect([isMended, settings.enrolment()?.incarnation]).toEqual([true, 1]);
    expect(files('mending')).toEqual([]);
  });
});

test('a start between two renames: the log of the file that was set aside goes to it, not to the next file', () => {
  copyFileSync(path, `${path}.new`);
  copyFileSync(path, `${path}.damaged-1`);
  rmSync(path);
  writeFileSync(`${path}-wal`, 'a log');
  finishRenewal(dir);
  expect(files('till.db').sort()).toEqual(['till.db', 'till.db.damaged-1', 'till.db.damaged-1-wal']);
  expect(readFileSync(`${path}.damaged-1-wal`, 'utf8')).toBe('a log');
});

test('a backup that was brought to this program’s shape leaves no copy of before for ever', async () => {
  writeFileSync(`${path}.mending.before-2`, '');
  const till = openTill({ path, keyHex: KEY_HEX });
  await removeOutlived(folder(), till);
  till.close();
  expect(files('before')).toEqual([]);
});

const refusing = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};

test('a page that the disk refuses is one that is damaged: all the others can be read', () => {
  change((_, till) => till.settings.set('large', 'x'.repeat(40_000)));
  const copy = join(dir, 'copy.db');
  const refused = 4096 * (Math.floor(readFileSync(path).length / 4096) - 1);
  copyReadable(path, copy, {
    copy: refusing('EIO'),
    read: (descriptor, page, at) =>
      at === refused ? refusing('EIO')() : readSync(descriptor, page, 0, page.length, at),
  });
  const salvage = openSalvage({ path: copy, keyHex: KEY_HEX });
  const Incarnation = z.object({ incarnation: z.int() });
  expect(Incarnation.parse(salvage?.settings.get('enrolment')).incarnation).toBe(1);
  expect(salvage?.hasAllSettings).toBe(false);
  salvage?.close();
});

test('no room for a copy is told as a full disk, and never taken for a file that says nothing', () => {
  const disk = { copy: refusing('ENOSPC'), read: () => 0 };
  const copy = join(dir, 'copy.db');
  for (const act of [copyReadable, copyFile]) {
    expect(() => act(path, copy, disk)).toThrow(expect.objectContaining({ name: 'DbError', code: 'full' }));
  }
  expect(() => copyFile(path, copy, { ...disk, copy: refusing('EIO') })).toThrow(
    expect.objectContaining({ name: 'DbError', code: 'io' }),
  );
});
