import { newId } from '../../sync/base/ids.ts';
import { DEFAULT_SPEND_POLICY, type SpendPolicy } from '../../sync/model/spend-policy.ts';
import type { HoldsReply, HoldsRequest } from '../../sync/protocol/holds.ts';
import { freePart, grantUnits, lapse, letGo, type Hold } from '../../sync/spending/holds.ts';
import type { Centre } from '../centre.ts';
import type { Sql } from '../database.ts';
import { CentreRefusal } from '../refusal.ts';
import { findChain } from '../repos/documents.ts';
import { lockHead } from '../repos/feed-head.ts';
import {
  listBalances,
  listHolds,
  listHoldsOf,
  listHoldsOn,
  saveHolds,
  type Balance,
} from '../repos/holds.ts';
import { lockTill } from '../repos/tills.ts';
import { assertLiving, otherGoesOn } from '../standing.ts';

/** An op made under a reservation arrives within seconds, or days later when the line drops right then. */
export const RESERVATION_MS = 15 * 60_000;

interface Books {
  request: HoldsRequest;
  policy: SpendPolicy;
  makeId: () => string;
  nowMs: number;
  balances: ReadonlyMap<string, Balance>;
  /** The hold that the id of the reservation names already. */
  known: Hold | null;
  /** By account; changed in place. */
  holds: Map<string, Hold[]>;
}

const holdsOn = ({ holds }: Books, accountId: string): Hold[] => holds.get(accountId) ?? [];

function add(books: Books, hold: Hold): Hold {
  books.holds.set(hold.accountId, [...holdsOn(books, hold.accountId), hold]);
  return hold;
}

/** Sets units aside for one op; the same op again finds its own. */
function reserve(books: Books): { hold: Hold | null; isNew: boolean; available: number } {
  const { request, balances, nowMs } = books;
  const asked = request.reserve;
  if (asked === null) return { hold: null, isNew: false, available: 0 };
  const { known } = books;
  if (known !== null) {
    const isOwn = known.tillId === request.tillId && known.kind === 'reservation';
    if (isOwn && known.accountId === asked.accountId)
      return { hold: known, isNew: false, available: known.left };
    throw new CentreRefusal('bad_request', 'That id names something else already. Nothing was set aside.');
  }
  const available = freePart(balances.get(asked.accountId)?.balance ?? 0, holdsOn(books, asked.accountId));
  if (available < asked.units) return { hold: null, isNew: false, available };
  const { tillId, incarnation } = request;
  const hold = add(books, {
    ...{ holdId: asked.opId, accountId: asked.accountId, tillId, incarnation, kind: 'reservation' },
    ...{ left: asked.units, lapsesAtMs: nowMs + RESERVATION_MS },
  });
  return { hold, isNew: true, available };
}

/** A grant on each wanted account that has a free part and none of this till's yet. */
function grant(books: Books): Hold[] {
  const { request, policy, balances, makeId } = books;
  const made: Hold[] = [];
  for (const accountId of new Set(request.want)) {
    const isOwn = (hold: Hold): boolean =>
      hold.kind === 'grant' && hold.tillId === request.tillId && hold.incarnation === request.incarnation;
    if (holdsOn(books, accountId).some(isOwn)) continue;
    const balance = balances.get(accountId);
    const isCredit = balance?.kind === 'credit';
    const units = grantUnits(balance?.balance ?? 0, holdsOn(books, accountId), { policy, isCredit });
    if (units === 0) continue;
    const { tillId, incarnation } = request;
    const hold = { holdId: makeId(), accountId, tillId, incarnation, left: units };
    made.push(add(books, { ...hold, kind: 'grant', lapsesAtMs: null }));
  }
  return made;
}

/**
 * Those that the till has besides, wanted or not: one whose answer got lost is learned of here, and can be used or
 * given up. Nobody else could ever end it.
 */
async function grantsOf(tx: Sql, request: HoldsRequest): Promise<Hold[]> {
  if (request.reserve !== null) return [];
  return (await listHoldsOf(tx, request)).filter(({ kind }) => kind === 'grant');
}

/** Ends those of `holds` that are not among `kept`. */
const endHolds = (tx: Sql, holds: readonly Hold[], kept: readonly Hold[]): Promise<void> =>
  saveHolds(
    tx,
    holds.filter((hold) => !kept.includes(hold)).map((hold) => ({ ...hold, left: 0 })),
  );

async function openBooks(
  tx: Sql,
  request: HoldsRequest,
  { nowMs, makeId }: Pick<Books, 'nowMs' | 'makeId'>,
): Promise<Books> {
  const policy = (await findChain(tx))?.spendPolicy ?? DEFAULT_SPEND_POLICY;
  const given = await listHolds(tx, request.letGo);
  const accountIds = [
    ...new Set([...request.want, ...(request.reserve === null ? [] : [request.reserve.accountId])]),
  ];
  const kept = letGo(given, { tillId: request.tillId, holdIds: request.letGo });
  await endHolds(tx, given, kept);
  const balances = new Map((await listBalances(tx, accountIds)).map((each) => [each.accountId, each]));
  const holds = new Map<string, Hold[]>();
  for (const hold of await listHoldsOn(tx, accountIds)) {
    holds.set(hold.accountId, [...(holds.get(hold.accountId) ?? []), hold]);
  }
  const [known] = request.reserve === null ? [] : await listHolds(tx, [request.reserve.opId]);
  return { request, policy, makeId, nowMs, balances, known: known ?? null, holds };
}

/**
 * Sets parts of balances aside for a till. Under the head's lock, as every change of a balance is: what two tills are
 * given is never the same unit.
 *
 * @param makeId Ids of new grants.
 * @throws CentreRefusal `till_lost`; `till_forked` for one that was stopped or goes on under another incarnation.
 */
export function giveHolds(
  centre: Pick<Centre, 'database' | 'clock'>,
  request: HoldsRequest,
  makeId: () => string = newId,
): Promise<HoldsReply> {
  return centre.database.transaction(async (tx) => {
    await lockHead(tx);
    const till = await lockTill(tx, request.tillId);
    if (till === undefined) throw otherGoesOn();
    assertLiving(till, request.incarnation);
    const nowMs = centre.clock.nowMs();
    if (request.lastTseq === till.hiTseq) {
      const own = await listHoldsOf(tx, request);
      await endHolds(tx, own, lapse(own, nowMs));
    }
    const books = await openBooks(tx, request, { nowMs, makeId });
    const { hold, isNew, available } = reserve(books);
    const before = await grantsOf(tx, request);
    const made = grant(books);
    await saveHolds(tx, [...(hold !== null && isNew ? [hold] : []), ...made]);
    return {
      reserved: hold === null ? null : { holdId: hold.holdId, units: hold.left },
      available: Math.max(0, available),
      grants: [...before, ...made].map(({ holdId, accountId, left }) => ({
        holdId,
        accountId: accountId as never,
        left,
      })),
    };
  });
}
