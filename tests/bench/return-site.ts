import pg from 'pg';
import { newSigningKey, nodeCrypto } from '../../crm/node-crypto.ts';
import { tokenHash } from '../../crm/enrol.ts';
import { findCentreKeys } from '../../crm/keys.ts';
import { saveDocuments } from '../../crm/repos/documents.ts';
import { readHead } from '../../crm/repos/feed-head.ts';
import { insertIncarnation } from '../../crm/repos/incarnations.ts';
import { insertTill, type TillRow } from '../../crm/repos/tills.ts';
import type { StoreId, TillId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { CARD_BLOCK_SIZE } from '../../sync/model/feed.ts';
import { CHAIN_START } from '../../sync/model/op.ts';
import type { Returning } from './return-load.ts';
import type { SyncSite } from './sync-site.ts';

const TILLS_PER_STORE = 2;
const PER_TRANSACTION = 100;

const storeIdOf = (at: number): StoreId => `shop-${Math.floor(at / TILLS_PER_STORE)}` as StoreId;

const tillOf = (at: number, nowMs: number, signKey: string): TillRow => ({
  tillId: `till-back-${at}` as TillId,
  ...{ name: `Till ${at}`, storeId: storeIdOf(at), incarnation: 1, hiTseq: 0, headHash: CHAIN_START },
  ...{ state: 'live', lastBlockId: 0, signKey, fence: '', opSchema: '' },
  ...{ createdAtMs: nowMs, lastContactAtMs: nowMs },
});

/**
 * Stores of two tills each, and the tills, with the centre's own statements but without a manager's code for each:
 * that would take minutes. Each till has its own key and secret; it says that it has card numbers enough.
 */
export async function enrolMany({ beside }: SyncSite, count: number): Promise<Returning[]> {
  const { database } = beside.centre;
  const nowMs = Date.now();
  const stores = Array.from({ length: Math.ceil(count / TILLS_PER_STORE) }, (_, at) => {
    const storeId = storeIdOf(at * TILLS_PER_STORE);
    const body = { storeId, version: 1, name: `Shop ${at}`, timeZone: 'Asia/Singapore', cutOffHour: 4 };
    return { kind: 'store' as const, id: storeId, body };
  });
  await database.transaction((tx) => saveDocuments(tx, stores));
  const returning: Returning[] = [];
  while (returning.length < count) {
    await database.transaction(async (tx) => {
      const { epoch } = await readHead(tx);
      const end = Math.min(count, returning.length + PER_TRANSACTION);
      for (let at = returning.length; at < end; at += 1) {
        const [{ secretKey, publicKey }, token] = [newSigningKey(), nodeCrypto.randomHex(32)];
        const till = tillOf(at, nowMs, publicKey);
        await insertTill(tx, till, tokenHash({ crypto: nodeCrypto }, token));
        await insertIncarnation(tx, { ...till, requestId: null, nowMs });
        const { tillId, incarnation, storeId } = till;
        const stock = { cardStock: CARD_BLOCK_SIZE, blockId: 0 };
        returning.push({ enrolled: { tillId, incarnation, epoch, storeId, ...stock }, token, secretKey });
      }
    });
  }
  await database.sql.query('vacuum analyze');
  return returning;
}

/** The centre's public key, and where its feed is. */
export async function readPlace({ beside }: SyncSite): Promise<{ signKey: string; headSeq: number }> {
  const { sql } = beside.centre.database;
  const [{ signKey }, { seq }] = [await findCentreKeys(sql), await readHead(sql)];
  return { signKey, headSeq: seq };
}

/** Of all tills that came back, in the database itself. */
export interface Kept {
  ops: number;
  distinct: number;
  held: number;
  /** Tills that have just the numbers 1 to `opsPerTill`. */
  whole: number;
  entries: number;
  balance: number;
}

/** @param opIds only these ops are counted */
export async function readKept(
  { databaseUrl }: SyncSite,
  { opIds, opsPerTill }: { opIds: readonly string[]; opsPerTill: number },
): Promise<Kept> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<Record<keyof Kept, string>>(
    `with sent as materialized (select * from ops where op_id = any($1::uuid[])),
       per_till as (select till_id from ops where till_id like 'till-back-%' group by till_id
         having count(*) = $2 and count(distinct tseq) = $2 and min(tseq) = 1 and max(tseq) = $2)
     select (select count(*) from sent) as ops, (select count(distinct op_id) from sent) as distinct,
       (select count(*) from sent where held_reason is not null) as held,
       (select count(*) from per_till) as whole,
       (select count(*) from entries where op_id in (select op_id from sent)) as entries,
       (select sum(balance) from accounts) as balance`,
    [opIds, opsPerTill],
  );
  await client.end();
  const told = must(rows[0], 'one row');
  const kept = Object.entries(told).map(([name, value]): [string, number] => [name, Number(value)]);
  // Cast: the same names, as numbers.
  return Object.fromEntries(kept) as unknown as Kept;
}
