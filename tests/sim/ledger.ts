import type { CentreTables, KeptOp } from '../parts/memory-centre.ts';

interface Movement {
  seq: number;
  delta: number;
}

/** Signed units by the word of the op alone: written a second time here, not taken from the rules. */
const SIGNS: Readonly<Record<string, readonly [field: string, sign: 1 | -1]>> = {
  'stamp.added': ['count', 1],
  'visits.added': ['count', 1],
  'visit.deducted': ['count', -1],
  'points.credited': ['points', 1],
  'points.debited': ['points', -1],
  'credit.toppedUp': ['creditMinor', 1],
  'credit.earned': ['creditMinor', 1],
  'credit.spent': ['creditMinor', -1],
  'reward.redeemed': ['cost', -1],
  'entry.corrected': ['delta', 1],
  'points.expired': ['points', -1],
  'balance.forfeited': ['count', -1],
  'credit.paidOut': ['creditMinor', -1],
  'card.issued': ['openingUnits', 1],
};

/** What an op moves: the account and the units; null when it moves nothing. */
export function movementOf(body: { kind: string } & Record<string, unknown>): {
  accountId: string;
  delta: number;
} | null {
  if (body.kind === 'member.created') {
    const card = body['card'] as Record<string, unknown> | null;
    return card === null ? null : movementOf({ ...card, kind: 'card.issued' });
  }
  if (body.kind === 'purchase.edited')
    return { accountId: String(body['accountId']), delta: Number(body['delta']) + Number(body['newUnits']) };
  const rule = SIGNS[body.kind];
  if (rule === undefined) return null;
  return { accountId: String(body['accountId']), delta: Number(body[rule[0]]) * rule[1] };
}

/** The number under which an op came into effect; null while it waits. */
export const effectiveSeq = ({ seq, held, settled }: KeptOp): number | null =>
  held === null ? seq : (settled?.releasedSeq ?? null);

/** It counts for nothing: a manager said so, or another op with its id counts. */
export const isDismissed = ({ inbox, inboxTopics }: CentreTables, { seq, held }: KeptOp): boolean =>
  held === 'op_id_repeated' || inbox.get(inboxTopics.get(`held_op ${seq}`) ?? '')?.answer === 'dismiss';

/** Every account's movements as the centre's ops say, in the order of the feed: the oracle for all balances. */
export class Ledger {
  #epoch = '';
  #tables: CentreTables | null = null;
  #seq = 0;
  #accounts = new Map<string, Movement[]>();
  #countered = new Set<string>();

  /** Reads what has come since the last time. */
  follow(tables: CentreTables): void {
    const head = tables.head.get('head');
    if (head === undefined) return;
    if (head.epoch !== this.#epoch || head.seq < this.#seq || tables !== this.#tables) {
      this.#tables = tables;
      this.#epoch = head.epoch;
      this.#seq = 0;
      this.#accounts = new Map();
      this.#countered = new Set();
    }
    for (let seq = this.#seq + 1; seq <= head.seq; seq += 1) this.#add(tables, seq);
    this.#seq = head.seq;
  }

  #add(tables: CentreTables, seq: number): void {
    // A number without an op of its own is that of a held op that got in later.
    const kept =
      tables.ops.get(String(seq)) ??
      [...tables.ops.values()].find((each) => each.settled?.releasedSeq === seq);
    if (kept === undefined || effectiveSeq(kept) !== seq) return;
    if (isDismissed(tables, kept)) return;
    const body = kept.settled?.body ?? kept.body;
    // A body that went with its member is not there to be read; its entry stays.
    const moved = body === null ? tables.entries.get(kept.op.opId) : movementOf(body);
    if (moved === null || moved === undefined) return;
    if (body !== null && this.#isDone(body)) return;
    const list = this.#accounts.get(moved.accountId) ?? [];
    list.push({ seq, delta: moved.delta });
    this.#accounts.set(moved.accountId, list);
  }

  /** A lot expires once, and not after something else countered it: what names it again moves nothing. */
  #isDone(body: { kind: string } & Record<string, unknown>): boolean {
    const counters = body[body.kind === 'points.expired' ? 'lotOpId' : 'correctsOpId'];
    if (typeof counters !== 'string') return false;
    const isDone = body.kind === 'points.expired' && this.#countered.has(counters);
    this.#countered.add(counters);
    return isDone;
  }

  /** Sum of the account's movements up to a number of the feed. */
  balanceAt(accountId: string, seq: number): number {
    let sum = 0;
    for (const movement of this.#accounts.get(accountId) ?? [])
      if (movement.seq <= seq) sum += movement.delta;
    return sum;
  }
}
