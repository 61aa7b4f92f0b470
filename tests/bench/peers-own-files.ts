import pg from 'pg';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { openReplica } from '../../db/replica/open.ts';
import { openTill } from '../../db/till/open.ts';
import { createCentreClient } from '../../electron/core/centre-client.ts';
import { nodeCrypto } from '../../electron/core/crypto.ts';
import { exchangeOnce } from '../../electron/core/exchange-step.ts';
import { SendAhead } from '../../electron/core/send-ahead.ts';
import { openOwnSpill } from '../../electron/core/spill.ts';
import { createTillSettings, type Enrolment } from '../../electron/core/till-settings.ts';
import { dayAt } from '../../sync/base/business-day.ts';
import { toHlc } from '../../sync/base/clock.ts';
import { newId, type OpId, type StaffId, type StoreId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { CHAIN_START, OP_VERSION, sealOp, type Op } from '../../sync/model/op.ts';
import { KEY_HEX, openTestTill } from '../parts/till.ts';
import type { PeerStamp } from './peers/stamp.ts';
import { holderAt } from './bench-till.ts';
import type { SyncSite } from './sync-site.ts';

/** A till's own folder with the product's own files, as enrolment leaves it. */
export async function enrolFolder(site: SyncSite, dir: string): Promise<Enrolment> {
  const { enrolled, secretKey } = await site.admit();
  const { cardBlock, epoch: _, ...told } = enrolled;
  const enrolment: Enrolment = { ...told, serverUrl: site.url, secretKey, storeId: told.storeId as StoreId };
  mkdirSync(dir, { recursive: true });
  const till = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  createTillSettings(till.settings).setEnrolment(enrolment);
  till.stock.addBlock(cardBlock);
  till.close();
  return enrolment;
}

/** The next stamps of a till that has `made` so far, one for each of the members from `first` on. */
export function makeStamps(
  { tillId, incarnation, storeId }: Enrolment,
  { count, made, first, members }: { count: number; made: number; first: number; members: number },
): PeerStamp[] {
  const wallMs = Date.now();
  const businessDay = dayAt(wallMs, 'Asia/Singapore', 4);
  return Array.from({ length: count }, (_, at) => {
    const when = { hlc: toHlc(wallMs, at), wallMs };
    const who = { actorId: 'staff-1' as StaffId, storeId: storeId as StoreId, businessDay };
    const moved = {
      amountMinor: 450 + (at % 40) * 10,
      receiptNo: String(10_000 + at),
      units: 1 + (at % 2),
    };
    return {
      ...{ opId: newId<OpId>(), tillId, incarnation, tseq: made + at + 1, ...when, ...who },
      ...{ kind: 'stamp.added', ...holderAt((first + at) % members), cardTypeVersion: 1, ...moved },
    };
  });
}

const toOp = (stamp: PeerStamp, prev: string): Op => {
  const { opId, tillId, incarnation, tseq, hlc, wallMs, actorId, storeId, businessDay, ...rest } = stamp;
  const { kind, units, ...card } = rest;
  return {
    ...{ version: OP_VERSION, opId, tillId, incarnation, tseq, hlc, wallMs, actorId, storeId, businessDay },
    ...{ kind, salt: '', prev, body: { kind, ...card, count: units } },
    // Cast: ids of the other kinds are plain texts in a stamp that also others carry.
  } as unknown as Op;
};

export type OwnFiles = ReturnType<typeof openFiles>;

/** The files of a till that pushes, without the core around them: its own step is called one by one. */
export function openFiles(dir: string) {
  const till = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  const replica = openReplica({ path: join(dir, 'replica.db'), keyHex: KEY_HEX });
  const settings = createTillSettings(till.settings);
  const enrolment = must(settings.enrolment(), 'it is enrolled');
  const spill = openOwnSpill({ dataDir: dir, log: pino({ level: 'silent' }) }, settings);
  const centre = createCentreClient(enrolment);
  const append = (op: Op): void => {
    const sealed = sealOp(op, nodeCrypto);
    till.ops.append(sealed, []);
    spill.append(sealed);
  };
  return {
    fill: async (stamps: readonly PeerStamp[]): Promise<void> => {
      till.transaction(() => {
        for (const stamp of stamps) append(toOp(stamp, till.ops.last()?.hash ?? CHAIN_START));
      });
      // A till asks every five seconds: its line is not as old as the others' turns make this one, which may be shut.
      const ask = async (): Promise<unknown> => (await fetch(`${enrolment.serverUrl}/v1/health`)).json();
      await ask().catch(ask);
    },
    /** What the sync loop does until the fates of all own ops are known. */
    push: async (): Promise<void> => {
      const ahead = new SendAhead();
      for (let hasMore = true; hasMore;) {
        const parts = { till, replica, settings, spill, enrolment, centre, ahead };
        const step = await exchangeOnce({ ...parts, wallMs: Date.now(), isInFull: false });
        hasMore = step.hasMore && !step.isFarBehind;
      }
    },
    countAcked: (): number => {
      const { total, outstanding } = till.ops.counts();
      return total - outstanding;
    },
    close: (): void => {
      spill.close();
      replica.close();
      till.close();
    },
  };
}

/** A whole run of the till's core, with everything that it brings. */
export async function syncTill(dir: string): Promise<void> {
  const core = openTestTill(dir);
  await core.client['sync.run']({});
  await core.close();
}

async function ask<Row extends pg.QueryResultRow>({ databaseUrl }: SyncSite, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<Row>(text);
  await client.end();
  return rows;
}

/** How many stamps the centre has booked. */
export async function countBooked(site: SyncSite): Promise<number> {
  const text =
    'select count(distinct op_id) as n from entries where op_id in (select op_id from ops where held_reason is null)';
  return Number((await ask<{ n: string }>(site, text))[0]?.n);
}

/** The CRM and its database. */
export async function centrePids(site: SyncSite): Promise<number[]> {
  const servers = await ask<{ pid: number }>(site, 'select pid from pg_stat_activity');
  return [must(site.centre.process.pid, 'it runs'), ...servers.map(({ pid }) => pid)];
}
