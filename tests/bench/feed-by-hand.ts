import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { CHUNK_SCHEMA } from '../../sync/feed/chunk-schema.ts';
import type { Balance } from '../../sync/feed/balance-lane.ts';
import { Manifest } from '../../sync/feed/manifest.ts';
import { must } from '../../sync/base/must.ts';
import { KEY_HEX } from '../parts/till.ts';
import type { FeedSite } from './feed-site.ts';

/** The indexes by which a till finds an id, a card, a mobile. */
const INDEXES = `CREATE UNIQUE INDEX a ON members (member_id);
CREATE INDEX b ON members (mobile) WHERE mobile IS NOT NULL;
CREATE UNIQUE INDEX c ON cards (card_id);
CREATE UNIQUE INDEX d ON cards (card_number);
CREATE INDEX e ON cards (member_id);
CREATE UNIQUE INDEX f ON accounts (account_id);`;

function insertImage(path: string, image: Buffer): void {
  const db = new Database(image);
  db.pragma(`cipher = 'aegis'`);
  db.prepare('ATTACH ? AS copy KEY ?').run(path, `raw:${KEY_HEX}`);
  db.pragma('copy.journal_mode = TRUNCATE');
  db.pragma('copy.synchronous = FULL');
  db.exec('BEGIN');
  for (const table of ['members', 'cards', 'accounts'])
    db.exec(`INSERT INTO copy.${table} SELECT * FROM main.${table}`);
  db.exec('COMMIT');
  db.close();
}

/**
 * The steps of a bootstrap and nothing else, one after the other: fetch, SHA-256, unpack, insert encrypted and
 * durable, index, one look-up.
 */
export async function bootstrapByHand(site: FeedSite, runFolder: string, cardNumber: string): Promise<void> {
  const dir = mkdtempSync(join(runFolder, 'hand-'));
  const path = join(dir, 'copy.db');
  const raw = new Database(path);
  raw.pragma(`cipher = 'aegis'`);
  raw.pragma(`key = 'raw:${KEY_HEX}'`);
  raw.exec(CHUNK_SCHEMA);
  raw.pragma('synchronous = FULL');
  const manifest = Manifest.parse(JSON.parse((await site.source.manifest(false)).text));
  const { snapshotId, chunks } = must(manifest.snapshot, 'made before');
  for (const [at, ref] of chunks.entries()) {
    const body = await site.source.chunk({ snapshotId, at }, ref.bytes);
    if (createHash('sha256').update(body).digest('hex') !== ref.sha256) throw new Error('a spoilt chunk');
    insertImage(path, zstdDecompressSync(body));
  }
  raw.exec(INDEXES);
  const found = raw.prepare('SELECT card_id FROM cards WHERE card_number = ?').get(cardNumber);
  raw.close();
  rmSync(dir, { recursive: true, force: true });
  if (found === undefined) throw new Error('the look-up by hand missed');
}

/** The same figures as plain columns of 32-bit numbers, compressed. */
export function plainBalanceBytes(balances: readonly Balance[]): number {
  const columns = [
    balances.map(({ accountNo }) => accountNo),
    balances.map(({ balance }) => balance),
    balances.map(({ entryCount }) => entryCount),
    balances.map(({ lastEntryAtMs }) => lastEntryAtMs / 60_000),
    balances.map(({ purchaseCount }) => purchaseCount),
    balances.map(({ spentMinor }) => spentMinor),
  ];
  return zstdCompressSync(Buffer.from(Int32Array.from(columns.flat()).buffer)).length;
}
