import pg from 'pg';
import { createHash } from 'node:crypto';
import { startEcho } from './feed-line.ts';
import { timed, timeFigure, type Figure, type Round } from './figure.ts';
import { holderAt, type BenchTill } from './bench-till.ts';
import { untilCut } from './pull-ops.ts';
import type { SyncSite } from './sync-site.ts';

const ROUNDS = 5;
const OPS = 10_000;
const BATCH = 500;
const CROWD = 20;

/**
 * What no centre can go without, by hand: each batch once over the loopback, its ops and entries into tables
 * with the same indexes, its balances changed, one commit for each batch.
 */
async function pushByHand(client: pg.Client, echoUrl: string, round: number): Promise<void> {
  for (let batch = 0; batch < OPS / BATCH; batch += 1) {
    const rows = Array.from({ length: BATCH }, (_, at) => {
      const tseq = round * OPS + batch * BATCH + at + 1;
      const opId = createHash('md5').update(`hand ${tseq}`).digest('hex');
      return { tseq, opId, ...holderAt(tseq) };
    });
    const text = JSON.stringify(rows);
    const body = (await (await fetch(echoUrl, { method: 'POST', body: text })).json()) as unknown;
    await client.query('begin');
    await client.query(
      `with x as materialized (select (r ->> 'tseq')::bigint as tseq, (r ->> 'opId')::uuid as op_id,
           (r ->> 'accountId')::uuid as account_id, r as body from json_array_elements($1::json) r),
         o as (insert into hand_ops select tseq, op_id, body from x),
         e as (insert into hand_entries select op_id, tseq, account_id, body from x)
       update hand_accounts a set balance = balance + 1, seq = x.tseq from x where a.account_id = x.account_id`,
      [JSON.stringify(body)],
    );
    await client.query('commit');
  }
}

async function openHand(site: SyncSite): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: site.databaseUrl });
  await client.connect();
  await client.query(`
    create table if not exists hand_ops (seq bigint primary key, op_id uuid not null unique, body json not null);
    create table if not exists hand_entries (op_id uuid primary key, seq bigint not null, account_id uuid not null,
      body json not null);
    create index if not exists hand_entries_seq on hand_entries (seq);
    create table if not exists hand_accounts as select account_id, seq, balance from accounts;
    create unique index if not exists hand_accounts_id on hand_accounts (account_id);
    create index if not exists hand_accounts_seq on hand_accounts (seq);
    truncate hand_ops, hand_entries`);
  return client;
}

async function againstHand(
  site: SyncSite,
  task: (round: number) => Promise<() => Promise<unknown>>,
): Promise<Round[]> {
  const [client, echo] = [await openHand(site), await startEcho()];
  const rounds: Round[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const act = await task(round);
    // Files for tills that are far behind are cut when nobody pushes: those of the last round are not this one's work.
    await untilCut(site);
    const limit = await timed(() => pushByHand(client, echo.url, round));
    const ours = await timed(act);
    // The first one warms.
    if (round > 0) rounds.push({ ours: [ours], limit: [limit] });
  }
  await client.end();
  await echo.close();
  return rounds;
}

/** One till sends 10,000 stamps in batches of 500: packed, signed, over the loopback, ruled, committed. */
export async function benchPush(site: SyncSite): Promise<Figure[]> {
  const rounds = await againstHand(site, async (round) => {
    const till = await site.enrol();
    await till.catchUp();
    till.makeStamps(OPS, { first: round * OPS, members: site.members });
    return () => till.push();
  });
  return [timeFigure({ name: `push of ${OPS} ops, one till`, of: 50 }, rounds, 500)];
}

/** Twenty tills send 500 stamps each at the same moment. */
export async function benchCrowd(site: SyncSite): Promise<Figure[]> {
  const tills: BenchTill[] = [];
  for (let at = 0; at < CROWD; at += 1) tills.push(await site.enrol());
  const rounds = await againstHand(site, async (round) => {
    for (const [at, till] of tills.entries()) {
      await till.catchUp();
      const first = round * OPS + at * (OPS / CROWD);
      till.makeStamps(OPS / CROWD, { first, members: site.members });
    }
    return () => Promise.all(tills.map((till) => till.push()));
  });
  return [timeFigure({ name: `push of ${CROWD} × ${OPS / CROWD} ops at once`, of: 50 }, rounds, 600)];
}
