import pg from 'pg';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openReplica } from '../../db/replica/open.ts';
import type { ReplicaCounts } from '../../db/replica/types.ts';
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
import { KEY_HEX, openTestTill, type TestTill } from '../parts/till.ts';
import type { PeerStamp } from './peers/stamp.ts';
import { holderAt } from './bench-till.ts';
import type { SyncSite } from './sync-site.ts';

/** A till's own folder with the product's own files, as enrolment leaves it. */
async function enrolFolder(site: SyncSite, dir: string): Promise<Enrolment> {
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

/** The files of a till that pushes, without the core around them: its own step is called one by one. */
function openFiles(dir: string, enrolment: Enrolment) {
  const till = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  const replica = openReplica({ path: join(dir, 'replica.db'), keyHex: KEY_HEX });
  const settings = createTillSettings(till.settings);
  const spill = openOwnSpill({ dataDir: dir, log: pino({ level: 'silent' }) }, settings);
  const centre = createCentreClient(enrolment);
  return {
    till,
    append: (op: Op): void => {
      const sealed = sealOp(op, nodeCrypto);
      till.ops.append(sealed, []);
      spill.append(sealed);
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
    close: (): void => {
      spill.close();
      replica.close();
      till.close();
    },
  };
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

const openCore = (dir: string): TestTill => openTestTill(dir);

/** Two tills of the product, with files on disk, and a real CRM on PostgreSQL. */
export class OwnPair {
  readonly name = 'Counterfoil';
  readonly #site: SyncSite;
  readonly #folder = mkdtempSync(join(tmpdir(), 'counterfoil-peer-own-'));
  readonly #first = join(this.#folder, 'first');
  readonly #second = join(this.#folder, 'second');
  #enrolment: Enrolment | null = null;
  #files: ReturnType<typeof openFiles> | null = null;
  #puller: TestTill | null = null;
  #filled = 0;

  constructor(site: SyncSite) {
    this.#site = site;
  }

  /** Both tills hold the whole chain when it resolves. */
  async open(): Promise<void> {
    this.#enrolment = await enrolFolder(this.#site, this.#first);
    await enrolFolder(this.#site, this.#second);
    await this.settle();
    this.#puller = openCore(this.#second);
    await this.pull();
  }

  /** The next stamps of the first till, one for each of so many members. */
  makeStamps(count: number): PeerStamp[] {
    const { tillId, incarnation, storeId } = must(this.#enrolment, 'it is enrolled');
    const first = this.#filled;
    const wallMs = Date.now();
    const businessDay = dayAt(wallMs, 'Asia/Singapore', 4);
    return Array.from({ length: count }, (_, at) => {
      const tseq = first + at + 1;
      const when = { hlc: toHlc(wallMs, at), wallMs };
      const who = { actorId: 'staff-1' as StaffId, storeId: storeId as StoreId, businessDay };
      const moved = {
        amountMinor: 450 + (at % 40) * 10,
        receiptNo: String(10_000 + at),
        units: 1 + (at % 2),
      };
      const holder = holderAt((first + at) % this.#site.members);
      return {
        ...{ opId: newId<OpId>(), tillId, incarnation, tseq, ...when, ...who, kind: 'stamp.added' },
        ...{ ...holder, cardTypeVersion: 1, ...moved },
      };
    });
  }

  async fill(stamps: readonly PeerStamp[]): Promise<void> {
    const files = openFiles(this.#first, must(this.#enrolment, 'it is enrolled'));
    files.till.transaction(() => {
      for (const stamp of stamps) files.append(toOp(stamp, files.till.ops.last()?.hash ?? CHAIN_START));
    });
    this.#filled += stamps.length;
    this.#files = files;
    // A till asks every five seconds: its line is not as old as the others' turns make this one, which may be shut.
    const ask = async (): Promise<unknown> => (await fetch(`${this.#site.url}/v1/health`)).json();
    await ask().catch(ask);
  }

  push(): Promise<void> {
    return must(this.#files, 'it is filled').push();
  }

  async pull(): Promise<void> {
    await must(this.#puller, 'the second till is on').client['sync.run']({});
  }

  /** The first till hears of what its own stamps did, as its next run would tell it. */
  async settle(): Promise<void> {
    this.#files?.close();
    this.#files = null;
    const core = openCore(this.#first);
    await core.client['sync.run']({});
    await core.close();
  }

  async counts(): Promise<number[]> {
    const first = must(this.#files, 'it is filled').till.ops.counts();
    const [told] = await this.#query<{ n: string }>(
      'select count(distinct op_id) as n from entries where op_id in (select op_id from ops where held_reason is null)',
    );
    const second = openReplica({ path: join(this.#second, 'replica.db'), keyHex: KEY_HEX });
    const { entries }: ReplicaCounts = second.counts();
    second.close();
    return [first.total - first.outstanding, Number(told?.n), entries];
  }

  async #query<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.#site.databaseUrl });
    await client.connect();
    const { rows } = await client.query<Row>(text);
    await client.end();
    return rows;
  }

  async pids(): Promise<number[]> {
    const servers = await this.#query<{ pid: number }>('select pid from pg_stat_activity');
    return [process.pid, must(this.#site.centre.process.pid, 'it runs'), ...servers.map(({ pid }) => pid)];
  }

  async end(): Promise<void> {
    this.#files?.close();
    await this.#puller?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
