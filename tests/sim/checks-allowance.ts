import type { TillDb } from '../../db/till/types.ts';
import type { Chain } from '../../sync/model/chain.ts';
import type { EntryRow } from '../../sync/model/card.ts';
import type { SpendCover } from '../../sync/model/op.ts';
import { DEFAULT_SPEND_POLICY } from '../../sync/model/spend-policy.ts';
import type { CentreTables, KeptOp } from '../parts/memory-centre.ts';
import { opsIn } from './checks-till.ts';
import { effectiveSeq, movementOf } from './ledger.ts';
import type { TillNode } from './till-node.ts';
import { Violation } from './world.ts';

function fail(rule: string, what: string): never {
  throw new Violation(`${rule}: ${what}`);
}

/** What a till's own file is worth, by what happened to its machine. */
export interface Doubts {
  /** It was doubled or put back: what it holds may have been spent twice, within its sum. */
  isDoubled: (tillId: string) => boolean;
  /** Its disk forgot what it had called safe, the note of what was sent too: what was earned there may count twice. */
  isForgetful: (tillId: string) => boolean;
}

interface Book {
  balance: number;
  /** What may have been spent beyond the balance: floors, and what nobody could know of. */
  slack: number;
}

const coverOf = (body: Readonly<Record<string, unknown>>): SpendCover | undefined =>
  body['cover'] as SpendCover | undefined;

/** Units that an op in effect may have taken out without anybody having set them aside. */
function uncovered(kept: KeptOp, delta: number, doubts: Doubts): number {
  if (delta >= 0) return 0;
  const cover = kept.body === null ? undefined : coverOf(kept.body);
  const { tillId } = kept.op;
  // Taken back, doubled, or erased with its member: nobody had to ask for it, or nobody can tell.
  if (cover === undefined || doubts.isDoubled(tillId)) return -delta;
  return doubts.isForgetful(tillId) ? cover.floor + cover.gain : cover.floor;
}

/** What a till believed to have earned and the centre did not book, or not yet. */
function waitingGain({ body }: KeptOp): { accountId: string; units: number } | null {
  const moved = body === null ? null : movementOf(body);
  return moved === null ? null : { accountId: moved.accountId, units: Math.max(0, moved.delta) };
}

/** Ops by the number under which they count, or wait. */
const inTurn = (tables: CentreTables): KeptOp[] =>
  [...tables.ops.values()].sort((a, b) => (effectiveSeq(a) ?? a.seq) - (effectiveSeq(b) ?? b.seq));

function toldOfOverdraft({ inboxTopics }: CentreTables, { accountId, seq }: EntryRow): void {
  if (inboxTopics.has(`overdrawn ${accountId} ${seq}`)) return;
  fail('allowance', `account ${accountId} is below zero since ${seq}, and no manager is told`);
}

/** Units that each number of the feed moved: an edited purchase books two entries under one. */
function movedBySeq({ entries }: CentreTables): ReadonlyMap<number, number> {
  const moved = new Map<number, number>();
  for (const { seq, delta } of entries.values()) moved.set(seq, (moved.get(seq) ?? 0) + delta);
  return moved;
}

/**
 * Allowance: no schedule spends more than the balance, what was set aside, what was earned at the till itself, and
 * the stated floors; whatever ends below zero is a manager's to see.
 */
export function checkAllowance(tables: CentreTables, doubts: Doubts): void {
  const books = new Map<string, Book>();
  const bookOf = (accountId: string): Book => {
    const book = books.get(accountId) ?? { balance: 0, slack: 0 };
    books.set(accountId, book);
    return book;
  };
  const moved = movedBySeq(tables);
  for (const kept of inTurn(tables)) {
    if (kept.held !== null) {
      const gain = waitingGain(kept);
      if (gain !== null) bookOf(gain.accountId).slack += gain.units;
    }
    const seq = effectiveSeq(kept);
    const entry = tables.entries.get(kept.op.opId);
    if (seq === null || entry?.seq !== seq) continue;
    const book = bookOf(entry.accountId);
    const delta = moved.get(seq) ?? 0;
    book.balance += delta;
    book.slack += uncovered(kept, delta, doubts);
    if (book.balance < 0) toldOfOverdraft(tables, entry);
    if (book.balance + book.slack < 0)
      fail('allowance', `${entry.accountId} is at ${book.balance} at ${seq}; floors explain ${book.slack}`);
  }
  checkSetAside(tables, books);
}

/** What is set aside for tills is there to be spent, but for what floors took out of it. */
function checkSetAside(tables: CentreTables, books: ReadonlyMap<string, Book>): void {
  const aside = new Map<string, number>();
  for (const { accountId, left } of tables.holds.values())
    aside.set(accountId, (aside.get(accountId) ?? 0) + left);
  for (const [accountId, units] of aside) {
    const { balance, slack } = books.get(accountId) ?? { balance: 0, slack: 0 };
    if (units > 0 && balance - units + slack < 0)
      fail(
        'allowance',
        `${units} are set aside on ${accountId}, which is at ${balance} (${slack} on floors)`,
      );
  }
}

/** What the newest op spent as earned here alone has not left the till by then: else the centre may give it away. */
export function checkGain(node: TillNode): void {
  const { ops } = node.files.till;
  const newest = ops.listAfter((ops.last()?.tseq ?? 0) - 1, 1)[0];
  if (newest === undefined || node.hasLostTail || node.leftTseq >= newest.op.tseq) return;
  const gain = coverOf(newest.op.body as never)?.gain ?? 0;
  if (gain === 0) return;
  const accountId = movementOf(newest.op.body)?.accountId;
  const unsent = ops.listAfter(node.leftTseq, 1_000_000).map(({ op }) => movementOf(op.body));
  const earned = unsent.map((moved) => (moved?.accountId === accountId ? Math.max(0, moved?.delta ?? 0) : 0));
  const most = earned.reduce((sum, units) => sum + units, 0);
  if (gain > most)
    fail(
      'allowance',
      `${node.name} spent ${gain} as its own of ${accountId}, of which ${most} had not left it`,
    );
}

const floorOf = ({ op }: ReturnType<typeof opsIn>[number]): number => coverOf(op.body as never)?.floor ?? 0;

/** Floors: what a till took without cover in one offline period stays within the chain's table. */
export function checkFloors({ name, files, hasLostTail }: TillNode, tables: CentreTables): void {
  const chain = tables.documents.get('chain chain')?.body as Chain | undefined;
  const policy = chain?.spendPolicy ?? DEFAULT_SPEND_POLICY;
  const file: TillDb = files.till;
  const accounts = new Map<string, number>();
  let [units, spends] = [0, 0];
  for (const stored of file.ops.listAfter(file.ops.ackedTseq(), 1_000_000)) {
    const floor = floorOf(stored);
    // One that lost its tail forgot which exchanges were complete: what the centre has was not of this period.
    const isOlder = hasLostTail && tables.opIds.has(stored.op.opId);
    if (floor === 0 || isOlder) continue;
    const moved = movementOf(stored.op.body);
    const accountId = moved?.accountId ?? '';
    accounts.set(accountId, (accounts.get(accountId) ?? 0) + floor);
    units += floor;
    spends += 1;
  }
  const most = Math.max(policy.perAccount, policy.creditPerAccount);
  const isWithin = units <= policy.perTill && spends <= policy.spendsPerTill;
  if (!isWithin || [...accounts.values()].some((sum) => sum > most))
    fail('allowance', `${name} took ${units} in ${spends} spends without cover`);
}
