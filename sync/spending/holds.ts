import type { SpendPolicy } from '../model/spend-policy.ts';

/**
 * A part of a balance that the centre has set aside: for one till until it is used up or given back (a grant), or
 * for one op of it (a reservation).
 *
 * Nothing here runs out by a clock alone. A grant ends when the till says so, or when a manager has booked what an
 * earlier copy of it left; a reservation ends when its op comes, when the till lets go of it, or once the till has
 * sent all that it made and `lapsesAtMs` is over. So an op that was made under a hold always finds it. One that is held
 * when it comes has all its units set aside until a manager has answered: they were spent at the till.
 */
export interface Hold {
  holdId: string;
  accountId: string;
  tillId: string;
  incarnation: number;
  kind: 'grant' | 'reservation';
  /** What is left of it. */
  left: number;
  /** Reservations: the centre's time after which it may lapse. Null for grants. */
  lapsesAtMs: number | null;
}

/**
 * The time after which what a spend took lapses, while that op waits for a manager: her answer ends it, and nothing
 * else does.
 */
export const WAITS_FOR_ANSWER_MS = 8_640_000_000_000_000;

/** What nobody has set aside, and a reservation may take; below zero once tills have spent beyond it. */
export const freePart = (balance: number, holds: readonly Hold[]): number =>
  balance - holds.reduce((sum, hold) => sum + hold.left, 0);

/** Units of a new grant; 0 where nothing is free. */
export function grantUnits(
  balance: number,
  holds: readonly Hold[],
  { policy, isCredit }: { policy: SpendPolicy; isCredit: boolean },
): number {
  const share = Math.floor((freePart(balance, holds) * policy.grantPercent) / 100);
  return Math.max(0, Math.min(share, isCredit ? policy.creditGrantMax : policy.grantMax));
}

/** How a spend that arrived is paid: what the op says, as far as the till's holds go. */
export interface Settlement {
  holds: Hold[];
  /** Units that no hold covered. */
  uncovered: number;
}

/**
 * Books an arrived spend on the holds that its op names: a reservation first, and all of it, then a grant. A claim
 * beyond what they have left is the balance's to pay, and shows as `uncovered`: a till is not believed.
 */
export function settleSpend(
  holds: readonly Hold[],
  spend: { tillId: string; units: number; holdIds: readonly string[]; claimed: number },
): Settlement {
  const claimed = Math.min(spend.units, spend.claimed);
  const isNamed = ({ tillId, holdId }: Hold): boolean =>
    tillId === spend.tillId && spend.holdIds.includes(holdId);
  const isReserved = (hold: Hold): boolean => isNamed(hold) && hold.kind === 'reservation';
  let open = claimed;
  const take = (hold: Hold, left: number): Hold => {
    open -= Math.min(open, hold.left);
    return { ...hold, left };
  };
  const ended = holds.map((hold) => (isReserved(hold) ? take(hold, 0) : hold));
  const next = ended.map((hold) =>
    isNamed(hold) && hold.kind === 'grant' ? take(hold, hold.left - Math.min(open, hold.left)) : hold,
  );
  return { holds: next.filter(({ left }) => left > 0), uncovered: spend.units - (claimed - open) };
}

/** A till gave these up: it has noted so durably before it asked. Repeats change nothing. */
export const letGo = (
  holds: readonly Hold[],
  { tillId, holdIds }: { tillId: string; holdIds: readonly string[] },
): Hold[] => holds.filter((hold) => hold.tillId !== tillId || !holdIds.includes(hold.holdId));

/** What is left of a till's holds when all that it made has arrived: no op comes to a reservation past its time. */
export const lapse = (holds: readonly Hold[], nowMs: number): Hold[] =>
  holds.filter(({ kind, lapsesAtMs }) => kind !== 'reservation' || (lapsesAtMs ?? 0) > nowMs);
