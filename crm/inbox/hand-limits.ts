import type { StaffId, TillId } from '../../sync/base/ids.ts';
import { handLimit } from '../../sync/merge/hand-limits.ts';
import type { Staff } from '../../sync/model/chain.ts';
import type { Centre } from '../centre.ts';
import type { Sql } from '../database.ts';
import { findChain, listStaffByIds } from '../repos/documents.ts';
import { lockHead } from '../repos/feed-head.ts';
import { insertInbox, type NewInboxItem } from '../repos/inbox.ts';
import { listGivenByHand, seqAt, type GivenByHand } from '../repos/log.ts';

/** After a start everything since then is added up anew: a day with what a till without a line brings late. */
const BACK_MS = 48 * 3_600_000;

interface Given {
  points: number;
  last: GivenByHand;
}

const keyOf = ({ actorId, businessDay }: GivenByHand): string => `${actorId} ${businessDay}`;

function toItem({ points, last }: Given, limit: number, nowMs: number): NewInboxItem {
  const { actorId, businessDay, tillId, seq } = last;
  return {
    id: `${String(seq).padStart(16, '0')}-hand-${businessDay}-${actorId.slice(-12)}`,
    topic: `hand_limit ${businessDay} ${actorId}`,
    ...{ memberId: null, opId: null, tillId: tillId as TillId, seq, atMs: nowMs },
    detail: { kind: 'hand_limit', businessDay, actorId: actorId as StaffId, points, limit },
  };
}

/** Who is beyond her limit; somebody who is gone has a cashier's: none. */
async function findBeyond(
  sql: Sql,
  sums: ReadonlyMap<string, Given>,
  nowMs: number,
): Promise<NewInboxItem[]> {
  const policy = (await findChain(sql))?.spendPolicy;
  const ids = [...new Set([...sums.values()].map(({ last }) => last.actorId))];
  const staff = new Map(
    (await listStaffByIds(sql, ids)).map((each): [string, Staff] => [each.staffId, each]),
  );
  return [...sums.values()].flatMap((given) => {
    const limit = handLimit(staff.get(given.last.actorId)?.role ?? 'cashier', policy);
    return given.points > limit ? [toItem(given, limit, nowMs)] : [];
  });
}

/**
 * Adds up what each person gave by hand on each day, over all tills, and tells managers of whoever is beyond the limit
 * of her role: once for a person and a day. What happened stays booked.
 *
 * @returns Looks at what came since the last time; how many items there were to tell.
 */
export function createHandWatch({
  database,
  clock,
}: Pick<Centre, 'database' | 'clock'>): () => Promise<number> {
  const sums = new Map<string, Given>();
  let seen: number | null = null;
  return async () => {
    const nowMs = clock.nowMs();
    const items = await database.transaction(async (tx) => {
      seen ??= (await seqAt(tx, nowMs - BACK_MS)) - 1;
      const { given, upTo } = await listGivenByHand(tx, seen);
      for (const each of given) {
        const before = sums.get(keyOf(each))?.points ?? 0;
        sums.set(keyOf(each), { points: before + each.points, last: each });
      }
      seen = upTo;
      return findBeyond(tx, sums, nowMs);
    }, 'read');
    if (items.length > 0)
      await database.transaction(async (tx) => {
        await lockHead(tx);
        await insertInbox(tx, items);
      });
    return items.length;
  };
}
