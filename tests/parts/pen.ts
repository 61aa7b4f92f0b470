import { openDatabase, type Database } from '../../crm/database.ts';
import { migrate } from '../../crm/migrate.ts';
import { nodeCrypto } from '../../crm/node-crypto.ts';
import { prepareOp, type PreparedOp } from '../../crm/prepared-push.ts';
import { saveDocuments } from '../../crm/repos/documents.ts';
import { sqlUnit } from '../../crm/sql-store.ts';
import type { RunUnit } from '../../crm/store.ts';
import { writeGroup } from '../../crm/write-group.ts';
import { toHlc } from '../../sync/base/clock.ts';
import {
  newId,
  type AccountId,
  type CardId,
  type CardTypeId,
  type MemberId,
  type OpId,
  type StaffId,
  type StoreId,
  type TillId,
} from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { CardType, type Chain, type StaffRole } from '../../sync/model/chain.ts';
import { EMPTY_FIELDS, type MemberFields, type MemberRow } from '../../sync/model/member.ts';
import {
  CHAIN_START,
  OP_VERSION,
  saltFor,
  type OpBody,
  type OpKind,
  type WireOp,
} from '../../sync/model/op.ts';

export const PEN_CHAIN: Chain = {
  version: 1,
  name: 'Pen',
  currency: 'SGD',
  currencyDecimals: 2,
  country: 'SG',
  consentMode: 'pdpa',
  policyVersion: '1',
  cardPrefix: '603555',
};
const CARD_TYPES = [
  { cardTypeId: 'coffee', kind: 'stamp', goal: 10, rewards: [{ rewardId: 'cup', name: 'Cup', cost: 10 }] },
  { cardTypeId: 'points', kind: 'points', earnPoints: 1, earnPerMinor: 1 },
].map((type) => CardType.parse({ version: 1, name: type.cardTypeId, ...type }));
const STORE = 'store-1' as StoreId;

export interface CardRef {
  memberId: MemberId;
  cardId: CardId;
  accountId: AccountId;
}

/** The centre's rules over a real database, without server and routes: ops in, rows out, at a clock of the test's own. */
export interface PenCentre {
  database: Database;
  runUnit: RunUnit;
  /** The centre's clock. */
  nowMs: number;
  till(name: string): Promise<Pen>;
  rows<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  member(id: MemberId): Promise<MemberRow>;
  balance(id: AccountId): Promise<number | undefined>;
  headSeq(): Promise<number>;
  close(): Promise<void>;
}

async function addPeople(database: Database): Promise<void> {
  const person = (staffId: string, role: StaffRole) => ({
    kind: 'staff' as const,
    id: staffId,
    body: {
      staffId: staffId as StaffId,
      version: 1,
      login: staffId,
      name: staffId,
      role,
      pinHash: '',
      isGone: false,
    },
  });
  await database.transaction((tx) =>
    saveDocuments(tx, [
      { kind: 'chain', id: 'chain', body: PEN_CHAIN },
      ...CARD_TYPES.map((body) => ({ kind: 'card-type' as const, id: body.cardTypeId, body })),
      person('boss', 'manager'),
      person('lead', 'supervisor'),
      person('anna', 'cashier'),
    ]),
  );
}

export async function openPenCentre(url: string): Promise<PenCentre> {
  const database = await openDatabase({
    url,
    folder: '',
    onError: () => undefined,
    onDeath: () => undefined,
  });
  await migrate(database, nodeCrypto, 0);
  await addPeople(database);
  const runUnit = sqlUnit(database, nodeCrypto);
  const rows = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await database.sql.query(text, values)).rows as Row[];
  const centre: PenCentre = {
    database,
    runUnit,
    nowMs: 1_800_000_000_000,
    till: async (name) => {
      await database.sql.query(
        `insert into tills (till_id, name, store_id, token_hash, incarnation, head_hash, state, created_at_ms)
         values ($1, $1, $2, $1, 1, $3, 'live', 0)`,
        [name, STORE, CHAIN_START],
      );
      return new Pen(centre, name as TillId);
    },
    rows,
    member: async (id) => {
      const [found] = await rows<{ row: MemberRow }>('select "row" from members where member_id = $1', [id]);
      return must(found, 'the member is there').row;
    },
    balance: async (id) => {
      const text = 'select balance from accounts where account_id = $1';
      return (await rows<{ balance: number }>(text, [id]))[0]?.balance;
    },
    headSeq: async () => must((await rows<{ seq: number }>('select seq from feed_head'))[0], 'head').seq,
    close: () => database.close(),
  };
  return centre;
}

/** A till that has only its ops. Its cursor moves when the test says so. */
export class Pen {
  readonly centre: PenCentre;
  readonly tillId: TillId;
  readonly ops: PreparedOp[] = [];
  cursor = 0;
  ackedTseq = 0;
  actorId = 'boss';
  /** Of the cards that it gives out. */
  cardTypeId: 'coffee' | 'points' = 'coffee';

  constructor(centre: PenCentre, tillId: TillId) {
    this.centre = centre;
    this.tillId = tillId;
  }

  /** `atMs`: the till's clock when it was made; by default the centre's. */
  write(
    body: OpBody | { kind: string },
    { atMs = this.centre.nowMs, opId = newId<OpId>(), businessDay = '2026-11-22' } = {},
  ): WireOp {
    const op: WireOp = {
      version: OP_VERSION,
      opId,
      tillId: this.tillId,
      incarnation: 1,
      tseq: this.ops.length + 1,
      hlc: toHlc(atMs, this.ops.length % 60_000),
      wallMs: atMs,
      actorId: this.actorId as StaffId,
      storeId: STORE,
      businessDay,
      kind: body.kind,
      salt: saltFor(body.kind as OpKind, nodeCrypto),
      prev: this.ops.at(-1)?.hash ?? CHAIN_START,
      body,
    };
    this.ops.push(prepareOp(op, nodeCrypto));
    return op;
  }

  enrol(fields: Partial<MemberFields> = {}, cardNumber = this.number()): CardRef {
    const ref: CardRef = { memberId: newId(), cardId: newId(), accountId: newId() };
    this.write({
      kind: 'member.created',
      memberId: ref.memberId,
      supportId: 'AAAA-2222',
      storeId: STORE,
      fields: { ...EMPTY_FIELDS, lastName: 'Tan', firstName: 'Ann', ...fields },
      pdpaPolicy: '1',
      hasMarketingConsent: true,
      card: {
        cardId: ref.cardId,
        accountId: ref.accountId,
        cardTypeId: this.cardTypeId as string as CardTypeId,
        cardNumber,
        openingUnits: 0,
        expiresOn: null,
        cardTypeVersion: 1,
      },
    });
    return ref;
  }

  edit(memberId: MemberId, fields: Partial<MemberFields>, atMs?: number): WireOp {
    return this.write({ kind: 'member.changed', memberId, fields }, atMs === undefined ? {} : { atMs });
  }

  stamp(ref: CardRef, count = 1): WireOp {
    const purchase = { amountMinor: null, receiptNo: '' };
    return this.write({ kind: 'stamp.added', ...ref, ...purchase, cardTypeVersion: 1, count });
  }

  number(): string {
    const digits = BigInt(`0x${nodeCrypto.randomHex(7)}`) % 1_000_000_000n;
    return `999999${String(digits).padStart(9, '0')}0`;
  }

  /** Sends what is not acknowledged, at most `limit` ops, and reads the feed to its end where `reads`. */
  async push({ reads = true, limit = 5_000 } = {}): Promise<void> {
    const ops = this.ops.slice(this.ackedTseq, this.ackedTseq + limit);
    const push = {
      tillId: this.tillId,
      incarnation: 1,
      epoch: '',
      ackedTseq: this.ackedTseq,
      ackedHash: this.ops[this.ackedTseq - 1]?.hash ?? CHAIN_START,
      cursor: this.cursor,
      lastTseq: this.ops.length,
      fence: '',
      newFence: '',
      ops,
    };
    const [result] = await this.centre.runUnit((store) => writeGroup(store, [push], this.centre.nowMs));
    if (result?.refusal != null) throw result.refusal;
    this.ackedTseq += ops.length;
    if (reads) this.cursor = await this.centre.headSeq();
  }

  /** What became of each op: its number, and why it is held. */
  async fates(): Promise<{ tseq: number; held: string | null; released: number | null }[]> {
    return this.centre.rows(
      `select tseq, held_reason as held, released_seq as released from ops where till_id = $1 order by tseq`,
      [this.tillId],
    );
  }
}
