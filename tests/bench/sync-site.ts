import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeCrypto } from '../../crm/node-crypto.ts';
import { createCentreClient, type CentreClient } from '../../electron/core/centre-client.ts';
import { dayAt } from '../../sync/base/business-day.ts';
import { toHlc } from '../../sync/base/clock.ts';
import { newId, type OpId, type StaffId, type StoreId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { CHAIN_START, opHash, OP_VERSION, saltFor, type Op } from '../../sync/model/op.ts';
import {
  OPS_PER_PUSH_MAX,
  PROTOCOL_VERSION,
  type EnrolReply,
  type ExchangeReply,
  type ExchangeRequest,
} from '../../sync/protocol/exchange.ts';
import { packBatch, type Holder, type PackedBatch } from '../../sync/protocol/pack.ts';
import { schemaHash } from '../../sync/protocol/schema.ts';
import { bundleCentre, startCentreChild, type CentreChild } from '../parts/centre.ts';
import { projectFolder, startPostgres } from '../parts/postgres.ts';
import { openTestCentre } from '../unit/crm/test-centre.ts';
import { overHttp, TestTill } from '../unit/crm/test-till.ts';
import { fillPage } from './feed-site.ts';
import { rowsOf } from './members.ts';

const PAGE_MEMBERS = 5_000;

/** A CRM in a process of its own, on a real PostgreSQL, with a chain of `members`. */
export interface SyncSite {
  url: string;
  databaseUrl: string;
  members: number;
  centre: CentreChild;
  enrol(): Promise<BenchTill>;
  end(): Promise<void>;
}

/** Whose card the `at`-th member's is: all that a till says about a stamp beside its own numbers. */
export function holderAt(at: number): Holder & { cardId: string } {
  const { cardId, memberId, accountId } = rowsOf(at, 0).card;
  return { cardId, memberId, accountId };
}

/** A till that has its ops in memory, and sends them as a real one does. */
export class BenchTill {
  readonly ops: { op: Op; hash: string }[] = [];
  readonly #client: CentreClient;
  readonly #enrolled: EnrolReply;
  #acked = { tseq: 0, hash: CHAIN_START };
  #fence = '';
  cursor = 0;
  readonly #holders = new Map<string, Holder>();

  constructor(client: CentreClient, enrolled: EnrolReply) {
    this.#client = client;
    this.#enrolled = enrolled;
  }

  /** Stamps for the members `first .. first + count - 1` of a chain of `members`, one each, round and round. */
  makeStamps(count: number, { first, members }: { first: number; members: number }): void {
    for (let at = 0; at < count; at += 1) {
      const { cardId, ...holder } = holderAt((first + at) % members);
      this.#holders.set(cardId, holder);
      this.#append({
        kind: 'stamp.added',
        ...{ cardId, ...holder, cardTypeVersion: 1, amountMinor: 450 + (at % 40) * 10 },
        ...{ receiptNo: String(10_000 + at), count: 1 + (at % 2) },
      } as Op['body']);
    }
  }

  #append(body: Op['body']): void {
    const wallMs = Date.now();
    const last = this.ops.at(-1);
    const tseq = (last?.op.tseq ?? 0) + 1;
    const op: Op = {
      version: OP_VERSION,
      opId: newId<OpId>(),
      tillId: this.#enrolled.tillId,
      incarnation: this.#enrolled.incarnation,
      tseq,
      hlc: toHlc(wallMs, tseq & 0x0f_ff),
      wallMs,
      actorId: 'staff-1' as StaffId,
      storeId: this.#enrolled.storeId as StoreId,
      businessDay: dayAt(wallMs, 'Asia/Singapore', 4),
      kind: body.kind,
      salt: saltFor(body.kind, nodeCrypto),
      prev: last?.hash ?? CHAIN_START,
      body,
    };
    this.ops.push({ op, hash: opHash(op, nodeCrypto) });
  }

  #batch(ackedTseq: number): PackedBatch | null {
    const waiting = this.ops.slice(ackedTseq, ackedTseq + OPS_PER_PUSH_MAX);
    const last = waiting.at(-1);
    if (last === undefined) return null;
    const holderOf = (cardId: string): Holder | undefined => this.#holders.get(cardId);
    return packBatch(
      waiting.map(({ op }) => op),
      { head: last.hash, holderOf },
    );
  }

  #request(): ExchangeRequest {
    const { tillId, incarnation, epoch, cardBlock } = this.#enrolled;
    const { tseq } = this.#acked;
    return {
      protocol: PROTOCOL_VERSION,
      schema: schemaHash(nodeCrypto),
      ...{ tillId, incarnation, epoch },
      ackedTseq: tseq,
      ackedHash: this.#acked.hash,
      lastTseq: this.ops.length,
      fence: this.#fence,
      batch: this.#batch(tseq),
      clock: { wallMs: Date.now() },
      cursor: this.cursor,
      cardStock: cardBlock.numbers.length,
      lastBlockId: cardBlock.blockId,
      purgedErasure: 0,
    };
  }

  async exchange(): Promise<ExchangeReply> {
    const reply = await this.#client.exchange(this.#request());
    const tseq = reply.hiTseq;
    if (reply.held.length > 0) throw new Error('the centre holds what it should book');
    const hash = tseq === 0 ? CHAIN_START : must(this.ops[tseq - 1], 'its own').hash;
    this.#acked = { tseq, hash };
    this.#fence = reply.fence;
    this.cursor = reply.cursor;
    return reply;
  }

  /** Its copy is taken for whole: from now on it asks for what is newer. */
  async catchUp(): Promise<void> {
    this.cursor = (await this.exchange()).headSeq;
  }

  /** Sends all that it has. */
  async push(): Promise<void> {
    while (this.#acked.tseq < this.ops.length) await this.exchange();
  }
}

/** Fills a database, then starts the CRM as a shop has it. */
export async function startSyncSite(members: number): Promise<SyncSite> {
  const postgres = await startPostgres();
  const databaseUrl = await postgres.createDatabase();
  const filling = await openTestCentre({ url: databaseUrl });
  for (let first = 0; first < members; first += PAGE_MEMBERS) {
    const count = Math.min(PAGE_MEMBERS, members - first);
    await filling.centre.database.transaction((tx) => fillPage(tx, first, count));
  }
  await filling.centre.database.sql.query('vacuum analyze');
  const { app } = filling;
  await app.listen({ host: '127.0.0.1', port: 0 });
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-'));
  const bundle = await bundleCentre(join(projectFolder, 'out', 'bench-crm'));
  const centre = await startCentreChild(bundle, { folder, databaseUrl });
  const { port } = app.server.address() as AddressInfo;
  const post = overHttp(`http://127.0.0.1:${port}`);
  const enrol = async (): Promise<BenchTill> => {
    const { enrolled, secretKey } = await TestTill.enrol(post);
    const { token } = enrolled;
    const client = createCentreClient({ serverUrl: centre.url, token, secretKey });
    return new BenchTill(client, enrolled);
  };
  const end = async (): Promise<void> => {
    await centre.stop();
    await filling.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: centre.url, databaseUrl, members, centre, enrol, end };
}
