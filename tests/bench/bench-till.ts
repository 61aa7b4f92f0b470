import { setImmediate as nextTurn } from 'node:timers/promises';
import { nodeCrypto } from '../../electron/core/crypto.ts';
import { SendAhead, type SendFrom } from '../../electron/core/send-ahead.ts';
import type { CentreClient } from '../../electron/core/centre-client.ts';
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
import { rowsOf } from './members.ts';

/** What a till was told when it was enrolled, as far as it says it again. */
export type Enrolled = Pick<EnrolReply, 'tillId' | 'incarnation' | 'epoch' | 'storeId'> & {
  /** Numbers that it has left, and the block they are of. */
  cardStock: number;
  blockId: number;
};

/** Whose card the `at`-th member's is: all that a till says about a stamp beside its own numbers. */
export function holderAt(at: number): Holder & { cardId: string } {
  const { cardId, memberId, accountId } = rowsOf(at, 0).card;
  return { cardId, memberId, accountId };
}

/** A till that has its ops in memory, and sends them as a real one does. */
export class BenchTill {
  readonly ops: { op: Op; hash: string }[] = [];
  readonly #client: CentreClient;
  readonly #enrolled: Enrolled;
  #acked = { tseq: 0, hash: CHAIN_START };
  #fence = '';
  #mark = '';
  readonly #ahead = new SendAhead();
  cursor = 0;
  readonly #holders = new Map<string, Holder>();

  constructor(client: CentreClient, enrolled: Enrolled) {
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

  #request({ tseq, hash }: SendFrom): { request: ExchangeRequest; next: SendFrom | null } {
    const { tillId, incarnation, epoch, cardStock, blockId } = this.#enrolled;
    const end = Math.min(tseq + OPS_PER_PUSH_MAX, this.ops.length);
    const request: ExchangeRequest = {
      protocol: PROTOCOL_VERSION,
      schema: schemaHash(nodeCrypto),
      ...{ tillId, incarnation, epoch },
      ackedTseq: tseq,
      ackedHash: hash,
      lastTseq: this.ops.length,
      fence: this.#fence,
      batch: this.#batch(tseq),
      clock: { wallMs: Date.now() },
      cursor: this.cursor,
      ...(this.#mark !== '' && { mark: this.#mark }),
      cardStock,
      lastBlockId: blockId,
      purgedErasure: 0,
    };
    const isLast = end === this.ops.length;
    return { request, next: isLast ? null : { tseq: end, hash: must(this.ops[end - 1], 'its own').hash } };
  }

  async exchange(): Promise<ExchangeReply> {
    const reply = await this.#ahead.answer({
      start: () => this.#acked,
      cursor: () => this.cursor,
      request: (from) => this.#request(from),
      send: (request) => this.#client.exchange(request),
      pause: nextTurn,
    });
    const tseq = reply.hiTseq;
    if (reply.held.length > 0) throw new Error('the centre holds what it should book');
    const hash = tseq === 0 ? CHAIN_START : must(this.ops[tseq - 1], 'its own').hash;
    this.#acked = { tseq, hash };
    this.#fence = reply.fence ?? this.#fence;
    this.#mark = reply.mark ?? this.#mark;
    this.cursor = reply.cursor;
    return reply;
  }

  /** True when the centre has all that it made. */
  isAcked(): boolean {
    return this.#acked.tseq === this.ops.length;
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
