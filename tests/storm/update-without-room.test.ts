import { cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFile, type Connection } from '../../db/open.ts';
import { replicaMigrations } from '../../db/replica/open.ts';
import type { CardId, OpId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { mountSmall } from '../parts/mounts.ts';
import { addStampCard, stamp } from '../parts/storm-ledger.ts';
import { KEY_HEX, makeFolder, openTestTill, seedFolder } from '../parts/till.ts';

const KIB = 1_024;
const MIB = KIB * KIB;
/** Enough to sell for a day; an index of the ledger takes four of them, and as much again in the log. */
const ROOM = 2 * MIB;
const ENTRIES = 150_000;

let dir: string;
let cardId: CardId;
beforeEach(async () => {
  dir = makeFolder();
  await seedFolder(dir);
  const till = openTestTill(dir);
  await till.signIn('cashier');
  cardId = await addStampCard(till.client, 'Early');
  await till.close();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function onCopy<T>(folder: string, act: (raw: Connection) => T): T {
  const raw = openFile({ path: join(folder, 'replica.db'), keyHex: KEY_HEX, file: 'replica' });
  try {
    return act(raw);
  } finally {
    raw.close();
  }
}
const isIndexed = (folder: string): boolean =>
  onCopy(
    folder,
    (raw) => raw.prepare("SELECT 1 FROM sqlite_master WHERE name = 'entries_by_day'").get() !== undefined,
  );

/** As the program before the index of days left it, with a long ledger. */
function setBack(raw: Connection): void {
  raw.exec('DROP INDEX entries_by_day; ALTER TABLE meta DROP COLUMN mark');
  raw.exec(must(replicaMigrations[3], 'the index of purchases alone').sql);
  raw.exec(`WITH RECURSIVE counted (at) AS (SELECT 1000 UNION ALL SELECT at + 1 FROM counted LIMIT ${ENTRIES})
    INSERT INTO entries (op_id, seq, account_id, member_id, card_id, kind, delta, amount_minor, receipt_no, reward_id,
      card_type_version, corrects_op_id, reason, store_id, till_id, actor_id, business_day, wall_ms)
    SELECT printf('%036d', at), at, 'a', 'm', 'c', 'stamp.added', 1, NULL, '', '', 1, NULL, '', 's', 't', 'p',
      '2026-03-01', at FROM counted;
    UPDATE meta SET entries = entries + ${ENTRIES};
    PRAGMA user_version = 5`);
}

/** Stamps at a till that starts there. @returns How many were confirmed. */
async function sell(folder: string): Promise<number> {
  const till = openTestTill(folder);
  await till.signIn('cashier');
  const confirmed = new Set<OpId>();
  for (let press = 0; press < 5; press += 1) await stamp({ client: till.client, cardId, confirmed });
  const { ok } = await till.client['till.verify']({});
  await till.close();
  return ok ? confirmed.size : 0;
}

test('an update whose index of the copy finds no room: the till starts, sells, and has it once there is room (R-D6)', async () => {
  onCopy(dir, setBack);
  const bytes = readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
  const disk = mountSmall(`${Math.ceil((bytes + ROOM) / KIB)}k`);
  try {
    cpSync(dir, disk.folder, { recursive: true });
    // What the try had written is free again, or nothing could be saved.
    expect(await sell(disk.folder)).toBe(5);
    expect(isIndexed(disk.folder)).toBe(false);
    disk.resize('128m');
    expect(await sell(disk.folder)).toBe(5);
    expect(isIndexed(disk.folder)).toBe(true);
  } finally {
    disk.end();
  }
});
