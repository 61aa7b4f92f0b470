import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rowsOf as resultOf } from '../../crm/database.ts';
import { readHead } from '../../crm/repos/feed-head.ts';
import { readCut } from '../../crm/repos/feed-files.ts';
import { ACCOUNT_COLUMNS } from '../../crm/repos/rows.ts';
import { createCentreClient } from '../../electron/core/centre-client.ts';
import { createFeedSource } from '../../electron/core/pull/feed-source.ts';
import { pullFiles } from '../../electron/core/pull/pull-files.ts';
import { must } from '../../sync/base/must.ts';
import type { AccountRow, EntryRow } from '../../sync/model/card.ts';
import { KEY_HEX } from '../parts/till.ts';
import { BenchTill } from './bench-till.ts';
import { startEcho } from './feed-line.ts';
import { makeCopy } from './feed-site.ts';
import { timed, timeFigure, type Figure, type Round } from './figure.ts';
import type { SyncSite } from './sync-site.ts';

const ROUNDS = 5;
const OPS = 10_000;
const GOAL_MS = 400;
const LOOK_MS = 50;

/** The centre cuts its files by itself, within two seconds of the last push: a till that was away finds them. */
export async function untilCut({ beside }: SyncSite): Promise<void> {
  const { sql } = beside.centre.database;
  for (;;) {
    const [head, cut] = [await readHead(sql), must(await readCut(sql), 'every database has one')];
    if (cut.cutSeq === head.seq) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

interface Behind {
  accounts: AccountRow[];
  entries: EntryRow[];
}

async function listBehind({ beside }: SyncSite, cursor: number): Promise<Behind> {
  const { sql } = beside.centre.database;
  const entries = await resultOf<{ row: EntryRow }>(
    sql,
    'select "row"::json from entries where seq > $1 order by seq',
    [cursor],
  );
  const accounts = await resultOf<AccountRow>(
    sql,
    `select ${ACCOUNT_COLUMNS} from accounts where account_id in (select account_id from entries where seq > $1)`,
    [cursor],
  );
  return { accounts, entries: entries.map(({ row }) => row) };
}

/**
 * What no till can go without: the same balances and entries once over the loopback as JSON, then into an encrypted
 * file with the indexes by which they are found, in one durable transaction.
 */
async function pullByHand(db: Database.Database, echoUrl: string, behind: Behind): Promise<void> {
  const answer = await fetch(echoUrl, { method: 'POST', body: JSON.stringify(behind) });
  const { accounts, entries } = (await answer.json()) as Behind;
  db.exec('BEGIN');
  const put = db.prepare('INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?, ?)');
  for (const row of accounts) put.run(row.accountId, row.seq, row.balance, row.entryCount, row.lastEntryAtMs);
  const add = db.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?)');
  for (const row of entries) add.run(row.opId, row.seq, row.accountId, row.memberId, JSON.stringify(row));
  db.exec('COMMIT');
}

function openHand(dir: string): Database.Database {
  const db = new Database(join(dir, 'hand.db'));
  db.pragma(`cipher = 'aegis'`);
  db.pragma(`key = 'raw:${KEY_HEX}'`);
  db.pragma('synchronous = FULL');
  db.exec(`CREATE TABLE accounts (account_id TEXT PRIMARY KEY, seq, balance, entry_count, last_entry_at_ms);
    CREATE TABLE entries (op_id TEXT PRIMARY KEY, seq, account_id TEXT, member_id TEXT, body TEXT);
    CREATE INDEX entries_member ON entries (member_id, seq);`);
  return db;
}

/** A copy of the whole chain that asks as its till would: by an exchange, and by files where that says so. */
async function openPuller(site: SyncSite, runFolder: string) {
  const { enrolled, secretKey } = await site.admit();
  const { token, cardBlock } = enrolled;
  const hangUp = new AbortController().signal;
  const asker = { token, incarnation: 1 };
  const source = createFeedSource({ serverUrl: site.url, ...asker, timeoutMs: 600_000, hangUp });
  const copy = makeCopy({ source, till: { enrolled } }, runFolder);
  await pullFiles(copy.parts);
  await copy.parts.worker().tend();
  const centre = createCentreClient({ serverUrl: site.url, token, secretKey });
  const asking = new BenchTill(centre, {
    ...enrolled,
    blockId: cardBlock.blockId,
    cardStock: cardBlock.numbers.length,
  });
  const pull = async (): Promise<void> => {
    asking.cursor = copy.replica().meta().cursor;
    const reply = await asking.exchange();
    if (!reply.isFarBehind) throw new Error('it misses less than it should');
    await pullFiles(copy.parts);
    if (copy.replica().meta().cursor < reply.headSeq) throw new Error('the copy misses something');
  };
  return { copy, pull };
}

/**
 * A till of the same store that is 10,000 stamps of another till behind: from asking until its encrypted copy has
 * every balance and every entry, durable.
 */
export async function benchPullOps(site: SyncSite, runFolder: string): Promise<Figure[]> {
  const { copy, pull } = await openPuller(site, runFolder);
  const dir = mkdtempSync(join(runFolder, 'hand-'));
  const [hand, echo] = [openHand(dir), await startEcho()];
  const rounds: Round[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const seller = await site.enrol();
    await seller.catchUp();
    seller.makeStamps(OPS, { first: round * OPS, members: site.members });
    await seller.push();
    await untilCut(site);
    const { cursor } = copy.replica().meta();
    const before = copy.replica().counts().entries;
    const behind = await listBehind(site, cursor);
    const limit = await timed(() => pullByHand(hand, echo.url, behind));
    const ours = await timed(pull);
    if (copy.replica().counts().entries - before !== behind.entries.length)
      throw new Error('entries are missing');
    if (round > 0) rounds.push({ ours: [ours], limit: [limit] });
  }
  hand.close();
  await echo.close();
  await copy.end();
  rmSync(dir, { recursive: true, force: true });
  return [timeFigure({ name: `pull of ${OPS} ops on another till`, of: 50 }, rounds, GOAL_MS)];
}
