import type { FastifyInstance } from 'fastify';
import { newSigningKey, nodeCrypto, nodeSigning } from '../../../crm/node-crypto.ts';
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
import { packBatch, type HolderOf, type PackedBatch } from '../../../sync/protocol/pack.ts';
import { schemaHash } from '../../../sync/protocol/schema.ts';
import { INCARNATION_HEADER, SIGNATURE_HEADER, signedLine } from '../../../sync/protocol/signature.ts';
import { MANAGER_PIN } from './pins.ts';

/** A till's secret, and its key when the request is to be signed. */
export interface Sender {
  token: string;
  secretKey: string;
}

/** Sends a request and says status and body; over a socket or injected. A bare token signs nothing. */
export type Post = (
  path: string,
  body: unknown,
  sender?: Sender | string,
) => Promise<{ status: number; body: unknown }>;

/** What a till shows where nothing is sent but its question. */
export const readHeaders = (token: string, incarnation = 1): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  [INCARNATION_HEADER]: String(incarnation),
});

/** The headers of a till's request; one of another incarnation says so in its body. */
export function headersOf(
  asked: { method?: string; path: string; text: string; bytes?: Uint8Array },
  token?: string,
  secretKey?: string,
): Record<string, string> {
  const { method = 'POST', path, text, bytes = Buffer.from(text) } = asked;
  return {
    'content-type': 'application/json',
    ...(token !== undefined && readHeaders(token)),
    ...(secretKey !== undefined && {
      [SIGNATURE_HEADER]: nodeSigning.sign(
        secretKey,
        Buffer.concat([Buffer.from(signedLine({ method, path })), bytes]),
      ),
    }),
  };
}

export const headersFor = (asked: { path: string; text: string }, sender?: Sender | string) =>
  typeof sender === 'object' ? headersOf(asked, sender.token, sender.secretKey) : headersOf(asked, sender);

export const injected =
  (app: FastifyInstance): Post =>
  async (path, body, sender) => {
    const text = JSON.stringify(body);
    const headers = headersFor({ path, text }, sender);
    const reply = await app.inject({ method: 'POST', url: path, headers, payload: text });
    return { status: reply.statusCode, body: JSON.parse(reply.body) as unknown };
  };

export const overHttp =
  (url: string): Post =>
  async (path, body, sender) => {
    const text = JSON.stringify(body);
    const headers = headersFor({ path, text }, sender);
    const reply = await fetch(url + path, { method: 'POST', headers, body: text });
    return { status: reply.status, body: await reply.json() };
  };

export async function makeCode(post: Post, storeId: string | null = null): Promise<string> {
  const reply = await post('/v1/enrol-codes', { login: 'manager', pin: MANAGER_PIN, storeId });
  return EnrolCodeReply.parse(reply.body).code;
}

type Changes = Partial<ExchangeRequest> & { ops?: readonly WireOp[] };

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
  readonly secretKey: string;
  post: Post;
  readonly ops: WireOp[] = [];
  readonly cardNumbers: string[];
  incarnation: number;
  ackedTseq = 0;
  /** Of the cards that it gives out; the chain has to have it. */
  cardTypeId = 'stamp' as CardTypeId;
  fence = '';
  mark = '';
  cursor = 0;
  epoch: string;
  lastBlockId: number;
  storeId: string;
  /** What the till's own clock says; a centre whose clock stands still gets a till that shows the same. */
  nowMs: () => number = Date.now;

  constructor(post: Post, enrolled: EnrolReply, secretKey: string) {
    this.post = post;
    this.enrolled = enrolled;
    this.secretKey = secretKey;
    this.incarnation = enrolled.incarnation;
    this.epoch = enrolled.epoch;
    this.storeId = enrolled.storeId;
    this.cardNumbers = [...enrolled.cardBlock.numbers];
    this.lastBlockId = enrolled.cardBlock.blockId;
  }

  static async enrol(post: Post, storeId: string | null = null): Promise<TestTill> {
    const code = await makeCode(post, storeId);
    const { secretKey, publicKey: signKey } = newSigningKey();
    const request = { protocol: PROTOCOL_VERSION, code, tillName: 'Test till', signKey, renews: null };
    const reply = await post('/v1/enrol', request);
    return new TestTill(post, EnrolReply.parse(reply.body), secretKey);
  }

  /** The same till from a copy of its disk, as it was after its first `opCount` ops. */
  clone(opCount = this.ops.length): TestTill {
    const clone = new TestTill(this.post, this.enrolled, this.secretKey);
    clone.ops.push(...this.ops.slice(0, opCount));
    clone.nowMs = this.nowMs;
    clone.ackedTseq = Math.min(this.ackedTseq, opCount);
    return clone;
  }

  hashAt(tseq: number): string {
    return tseq === 0 ? CHAIN_START : opHash(must(this.ops[tseq - 1], 'the till keeps its ops'), nodeCrypto);
  }

  /** Appends an op to the till's own file. */
  make(body: OpBody | { kind: string }, changes: Partial<WireOp> = {}): WireOp {
    const wallMs = this.nowMs();
    const op: WireOp = {
      version: OP_VERSION,
      opId: newId<OpId>(),
      tillId: this.enrolled.tillId,
      incarnation: this.incarnation,
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
      cardTypeId: this.cardTypeId,
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

  /** Ops as they travel; null for none. `holderOf`: what the till knows of cards, and leaves out. */
  pack(ops: readonly WireOp[], holderOf: HolderOf = () => undefined): PackedBatch | null {
    const last = ops.at(-1);
    return last === undefined ? null : packBatch(ops, { head: opHash(last, nodeCrypto), holderOf });
  }

  request({ ops, ...changes }: Changes = {}): ExchangeRequest {
    const fresh = ops ?? this.ops.slice(this.ackedTseq, this.ackedTseq + 500);
    return {
      protocol: PROTOCOL_VERSION,
      schema: schemaHash(nodeCrypto),
      tillId: this.enrolled.tillId,
      incarnation: this.incarnation,
      epoch: this.epoch,
      ackedTseq: this.ackedTseq,
      ackedHash: this.hashAt(this.ackedTseq),
      lastTseq: this.ops.length,
      fence: this.fence,
      batch: this.pack(fresh),
      clock: { wallMs: this.nowMs() },
      cursor: this.cursor,
      ...(this.mark !== '' && { mark: this.mark }),
      cardStock: this.cardNumbers.length,
      lastBlockId: this.lastBlockId,
      purgedErasure: 0,
      ...changes,
    };
  }

  /** Sends without taking notice of the answer, as when it gets lost. */
  send(request: unknown = this.request()): Promise<{ status: number; body: unknown }> {
    return this.sendTo('/v1/exchange', request);
  }

  /** Any other request of a till, signed. */
  sendTo(path: string, request: unknown): Promise<{ status: number; body: unknown }> {
    return this.post(path, request, { token: this.enrolled.token, secretKey: this.secretKey });
  }

  async exchange(changes: Changes = {}): Promise<ExchangeReply> {
    const { status, body } = await this.send(this.request(changes));
    if (status !== 200) throw new Error(`exchange answered ${status}: ${JSON.stringify(body)}`);
    const reply = ExchangeReply.parse(body);
    this.fence = reply.fence ?? this.fence;
    this.mark = reply.mark ?? this.mark;
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
