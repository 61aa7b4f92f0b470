import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { rowsOf as resultOf, type Sql } from '../../crm/database.ts';
import { lockHead, saveHead } from '../../crm/repos/feed-head.ts';
import { adoptFillFile } from '../../db/replica/bulk/adopt-fill.ts';
import { openReplica } from '../../db/replica/open.ts';
import type { CardTypeId } from '../../sync/base/ids.ts';
import type { ReplicaDb } from '../../db/replica/types.ts';
import { startReplicaWorker } from '../../db/replica/worker-host.ts';
import { nodeSigning } from '../../electron/core/crypto.ts';
import { createFeedSource, type FeedSource } from '../../electron/core/pull/feed-source.ts';
import type { PullParts } from '../../electron/core/pull/pull-files.ts';
import { startPostgres } from '../parts/postgres.ts';
import { KEY_HEX } from '../parts/till.ts';
import { openTestCentre, type TestCentre } from '../unit/crm/test-centre.ts';
import { overHttp, TestTill } from '../unit/crm/test-till.ts';
import { rowsOf } from './members.ts';

const PAGE_MEMBERS = 5_000;

/** A real CRM on a real PostgreSQL that holds the big chain, and a till that it knows. */
export interface FeedSite {
  server: TestCentre;
  url: string;
  till: TestTill;
  source: FeedSource;
  members: number;
  end(): Promise<void>;
}

/** @param rule The card type of all of them; without it those of the shop of the benchmarks, one and another. */
export async function fillPage(
  tx: Sql,
  { first, count, rule }: { first: number; count: number; rule?: CardTypeId },
): Promise<void> {
  const head = await lockHead(tx);
  const ofRule = rule === undefined ? {} : { cardTypeId: rule };
  const rows = Array.from({ length: count }, (_, at) => {
    const { member, card, account } = rowsOf(first + at, head.seq + at + 1);
    const accountNo = head.nextAccountNo + at;
    return { member, card: { ...card, ...ofRule }, account: { ...account, ...ofRule, accountNo } };
  });
  const put = (text: string, list: object[]) => tx.query(text, [JSON.stringify(list)]);
  await put(
    `insert into members (member_id, seq, mobile, state, "row", clocks)
     select (r ->> 'memberId')::uuid, (r ->> 'seq')::bigint, r ->> 'mobile', r ->> 'state', r, '{}'
     from jsonb_array_elements($1) r`,
    rows.map(({ member }) => member),
  );
  await put(
    `insert into cards (card_id, seq, card_number, account_id, "row") select (r ->> 'cardId')::uuid,
       (r ->> 'seq')::bigint, r ->> 'cardNumber', (r ->> 'accountId')::uuid, r from jsonb_array_elements($1) r`,
    rows.map(({ card }) => card),
  );
  await put(
    `insert into accounts (account_id, seq, account_no, member_id, card_type_id, balance, entry_count,
       last_entry_at_ms, purchase_count, spent_minor)
     select (r ->> 'accountId')::uuid, (r ->> 'seq')::bigint, (r ->> 'accountNo')::bigint,
       (r ->> 'memberId')::uuid, r ->> 'cardTypeId', (r ->> 'balance')::bigint, (r ->> 'entryCount')::bigint,
       (r ->> 'lastEntryAtMs')::bigint,
       (r ->> 'purchaseCount')::bigint, (r ->> 'spentMinor')::bigint from jsonb_array_elements($1) r`,
    rows.map(({ account }) => account),
  );
  await saveHead(tx, { ...head, seq: head.seq + count, nextAccountNo: head.nextAccountNo + count });
}

/** Fills, analyses and listens. Takes a minute and more at a million members. */
export async function startFeedSite(members: number): Promise<FeedSite> {
  const postgres = await startPostgres();
  const server = await openTestCentre({ url: await postgres.createDatabase() });
  const { database } = server.centre;
  for (let first = 0; first < members; first += PAGE_MEMBERS) {
    const count = Math.min(PAGE_MEMBERS, members - first);
    await database.transaction((tx) => fillPage(tx, { first, count }));
  }
  await database.sql.query('analyze');
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
  const till = await TestTill.enrol(overHttp(url));
  const source = createFeedSource({
    serverUrl: url,
    token: till.enrolled.token,
    incarnation: 1,
    timeoutMs: 600_000,
    hangUp: new AbortController().signal,
  });
  const end = async (): Promise<void> => {
    await server.close();
    await postgres.stop();
  };
  return { server, url, till, source, members, end };
}

/** So many accounts move once each, all over the chain, in one commit. */
export async function moveAccounts(site: FeedSite, count: number): Promise<void> {
  await site.server.centre.database.transaction(async (tx) => {
    const head = await lockHead(tx);
    const moved = await resultOf<{ n: number }>(
      tx,
      `with picked as (
         select account_id, row_number() over () as n from (
           select account_id from accounts order by md5(account_no::text) limit $2) any_order
       ), moved as (
         update accounts a set seq = $1 + p.n, balance = (a.balance + abs(hashtext(a.account_id::text) / 2)) % 400,
           entry_count = a.entry_count + 1, purchase_count = a.purchase_count + 1,
           spent_minor = a.spent_minor + 300 + abs(hashtext(a.account_id::text) % 1200),
           last_entry_at_ms = $3::bigint + (a.account_no * 7919 % 1440) * 60000
         from picked p where p.account_id = a.account_id returning a.account_id, a.seq
       ), booked as (
         insert into entries (op_id, seq, account_id, store_id, delta, "row")
         select gen_random_uuid(), seq, account_id, 'far', 0, '{}' from moved
       ) select count(*) as n from moved`,
      [head.seq, count, Date.UTC(2026, 10, 22)],
    );
    await saveHead(tx, { ...head, seq: head.seq + (moved[0]?.n ?? 0) });
  });
}

export interface BenchCopy {
  parts: PullParts;
  replica: () => ReplicaDb;
  end(): Promise<void>;
}

/** Where a copy comes from, and whose signature it asks for. */
export interface CopySource {
  source: FeedSource;
  till: { enrolled: Pick<TestTill['enrolled'], 'centreKeys'> };
}

/** An empty copy in a folder of its own, with everything that a pull wants. */
export function makeCopy(site: CopySource, runFolder: string): BenchCopy {
  const dir = mkdtempSync(join(runFolder, 'copy-'));
  const place = { path: join(dir, 'replica.db'), keyHex: KEY_HEX };
  let replica = openReplica(place);
  const worker = startReplicaWorker(place);
  const parts: PullParts = {
    source: site.source,
    signing: nodeSigning,
    signKey: site.till.enrolled.centreKeys.signKey,
    replica: () => replica,
    place,
    worker: () => worker,
    adopt: async () => {
      replica.close();
      adoptFillFile(place.path);
      replica = openReplica(place);
    },
    knowFates: async () => undefined,
    mark: () => undefined,
    onProgress: () => undefined,
    // As the product pauses: what comes over the line meanwhile is read then.
    pause: () => nextTurn(),
  };
  const end = async (): Promise<void> => {
    await worker.close();
    replica.close();
    rmSync(dir, { recursive: true, force: true });
  };
  return { parts, replica: () => replica, end };
}
