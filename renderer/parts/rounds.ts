/** One position of a stamp grid. `dry` is confirmed, `wet` is this till's own that the centre has not answered for. */
export type Slot = 'dry' | 'wet' | 'open';

export interface Round {
  readonly slots: readonly Slot[];
  /** Stamps on the round that is shown. */
  readonly shown: number;
  readonly toGo: number;
  /** Full rounds before the shown one: each is a reward due. */
  readonly fullRounds: number;
}

/**
 * How a stamp balance looks on its card. Stamps carry over, so a balance can span rounds: the latest is shown, and
 * a full one stays shown as full until the next stamp.
 */
export function toRound(confirmed: number, pending: number, goal: number): Round {
  const total = Math.max(0, confirmed + pending);
  const shown = total === 0 ? 0 : ((total - 1) % goal) + 1;
  const before = total - shown;
  const dry = Math.min(shown, Math.max(0, confirmed - before));
  const slots = Array.from({ length: goal }, (_, at): Slot =>
    at < dry ? 'dry' : at < shown ? 'wet' : 'open',
  );
  return { slots, shown, toGo: goal - shown, fullRounds: before / goal };
}
