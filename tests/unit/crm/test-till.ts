import type { FastifyInstance } from 'fastify';
import { nodeCrypto } from '../../../crm/node-crypto.ts';
import { dayAt } from '../../../sync/base/business-day.ts';
import { toHlc } from '../../../sync/base/clock.ts';
import {
  newId,
  type AccountId,
  type CardId,
  type CardTypeId,
  type MemberId,
  type OpId,
  type StaffId,
  type StoreId,
} from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import { EMPTY_FIELDS, type MemberFields } from '../../../sync/model/member.ts';
import {
  CHAIN_START,
  OP_VERSION,
  opHash,
  type OpBody,
  type OpBodyOf,
  type WireOp,
} from '../../../sync/model/op.ts';
import {
  CentreError,
  EnrolCodeReply,
  EnrolReply,
  ExchangeReply,
  PROTOCOL_VERSION,
  type ExchangeRequest,
} from '../../../sync/protocol/exchange.ts';
import { MANAGER_PIN } from './test-centre.ts';

/** Sends a request and says status and body; over a socket or injected. */
export type Post = (
  path: string,
  body: unknown,
  token?: string,
) => Promise<{ status: number; body: unknown }>;

export const injected =
  (app: FastifyInstance): Post =>
  async (path, body, token) => {
    const headers = {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const reply = await app.inject({ method: 'POST', url: path, headers, payload: JSON.stringify(body) });
    return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
  };

export const overHttp =
  (url: string): Post =>
  async (path, body, token) => {
    const headers = {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const reply = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: reply.status, body: await reply.json() };
  };

export async function makeCode(post: Post, storeId: string | null = null): Promise<string> {
  const reply = await post('/v1/enrol-codes', { login: 'manager', pin: MANAGER_PIN, storeId });
  return EnrolCodeReply.parse(reply.body).code;
}

export interface CardRef {
  memberId: MemberId;
  cardId: CardId;
  accountId: AccountId;
}

/**
 * The least that a till does: numbers its ops in a chain, remembers what is acknowledged and how far it has
 * read.
 */
export class TestTill {
  readonly enrolled: EnrolReply;
  post: Post;
  readonly ops: WireOp[] = [];
  readonly cardNumbers: string[];
  ackedTseq = 0;
  cursor = 0;
  epoch: string;
  lastBlockId: number;
  storeId: string;

  constructor(post: Post, enrolled: EnrolReply) {
    this.post = post;
    this.enrolled = enrolled;
    this.epoch = enrolled.epoch;
    this.storeId = enrolled.storeId;
    this.cardNumbers = [...enrolled.cardBlock.numbers];
    this.lastBlockId = enrolled.cardBlock.blockId;
  }

  static async enrol(post: Post, storeId: string | null = null): Promise<TestTill> {
    const code = await makeCode(post, storeId);
    const reply = await post('/v1/enrol', { protocol: PROTOCOL_VERSION, code, tillName: 'Test till' });
    return new TestTill(post, EnrolReply.parse(reply.body));
  }

  hashAt(tseq: number): string {
    return tseq === 0 ? CHAIN_START : opHash(must(this.ops[tseq - 1], 'the till keeps its ops'), nodeCrypto);
  }

  /** Appends an op to the till's own file. */
  make(body: OpBody | { kind: string }, changes: Partial<WireOp> = {}): WireOp {
    const wallMs = Date.now();
    const op: WireOp = {
      version: OP_VERSION,
      opId: newId<OpId>(),
      tillId: this.enrolled.tillId,
      incarnation: 1,
      tseq: this.ops.length + 1,
      hlc: toHlc(wallMs, this.ops.length % 1_000),
      wallMs,
      actorId: 'staff-1' as StaffId,
      storeId: this.storeId as StoreId,
      businessDay: dayAt(wallMs, 'Asia/Singapore', 4),
      kind: body.kind,
      salt: '',
      prev: this.hashAt(this.ops.length),
      body,
      ...changes,
    };
    this.ops.push(op);
    return op;
  }

  makeMember(fields: Partial<MemberFields> = {}): CardRef {
    const ref: CardRef = { memberId: newId(), cardId: newId(), accountId: newId() };
    this.make({
      kind: 'member.created',
      memberId: ref.memberId,
      supportId: 'TEST-0001',
      storeId: this.storeId as StoreId,
      fields: { ...EMPTY_FIELDS, lastName: 'Tan', firstName: 'Wei Ling', ...fields },
      pdpaPolicy: '1',
      hasMarketingConsent: false,
      card: this.newCard(ref),
    });
    return ref;
  }

  newCard(ref: CardRef): NonNullable<OpBodyOf<'member.created'>['card']> {
    const cardNumber = must(this.cardNumbers.shift(), 'the block has numbers left');
    const { cardId, accountId } = ref;
    return {
      cardId,
      accountId,
      cardTypeId: 'stamp' as CardTypeId,
      cardNumber,
      openingUnits: 0,
      expiresOn: null,
      cardTypeVersion: 1,
    };
  }

  stamp(ref: CardRef, count = 1, changes: Partial<WireOp> = {}): WireOp {
    return this.make(
      { kind: 'stamp.added', ...ref, cardTypeVersion: 1, amountMinor: 500, receiptNo: '', count },
      changes,
    );
  }

  request(changes: Partial<ExchangeRequest> = {}): ExchangeRequest {
    return {
      protocol: PROTOCOL_VERSION,
      tillId: this.enrolled.tillId,
      incarnation: 1,
      epoch: this.epoch,
      ackedTseq: this.ackedTseq,
      ackedHash: this.hashAt(this.ackedTseq),
      ops: this.ops.slice(this.ackedTseq, this.ackedTseq + 500),
      cursor: this.cursor,
      cardStock: this.cardNumbers.length,
      lastBlockId: this.lastBlockId,
      ...changes,
    };
  }

  /** Sends without taking notice of the answer, as when it gets lost. */
  send(request: unknown = this.request()): Promise<{ status: number; body: unknown }> {
    return this.post('/v1/exchange', request, this.enrolled.token);
  }

  async exchange(changes: Partial<ExchangeRequest> = {}): Promise<ExchangeReply> {
    const { status, body } = await this.send(this.request(changes));
    if (status !== 200) throw new Error(`exchange answered ${status}: ${JSON.stringify(body)}`);
    const reply = ExchangeReply.parse(body);
    this.ackedTseq = reply.acks.reduce(
      (hi, range) => Math.max(hi, range.firstTseq + range.count - 1),
      this.ackedTseq,
    );
    this.cursor = reply.cursor;
    if (reply.cardBlock !== null) {
      this.lastBlockId = reply.cardBlock.blockId;
      this.cardNumbers.push(...reply.cardBlock.numbers);
    }
    return reply;
  }

  /** Exchanges until nothing remains; all replies in order. */
  async sync(): Promise<ExchangeReply[]> {
    const replies = [await this.exchange()];
    while (replies.at(-1)?.hasMore === true || this.ackedTseq < this.ops.length)
      replies.push(await this.exchange());
    return replies;
  }
}

export const codeOf = (reply: { body: unknown }): string => CentreError.parse(reply.body).code;
