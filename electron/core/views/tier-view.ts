import { purchaseShare } from '../../../sync/merge/purchases.ts';
import type { EntryRow } from '../../../sync/model/card.ts';
import type { Tier } from '../../../sync/model/chain.ts';
import { readExtras } from '../../../sync/model/extras.ts';
import {
  earnedTier,
  isReached,
  ranksOn,
  spentFor,
  tierOn,
  tierRulesOn,
  type EarnedTier,
  type SpentDay,
} from '../../../sync/programmes/tiers.ts';
import type { TierView } from '../../contract/views.ts';
import type { Ctx } from '../ctx.ts';
import type { Laid } from '../overlay.ts';

/** Purchases of one person that are looked at here; the centre looks at all. */
const ENTRIES_MAX = 2_000;

type Person = Pick<Laid, 'member' | 'people' | 'openEntries'>;

const tiersOf = (ctx: Ctx): Tier[] => ctx.directory.documents('tier').map(({ body }) => body);

/** Purchases that this till knows, each on its day: of its own shop, and its own unsent ones. */
interface SpentHere {
  confirmed: SpentDay[];
  open: SpentDay[];
}

function spentHere(ctx: Ctx, { people, openEntries }: Person): SpentHere {
  const copy = ctx.replica();
  const rows = people.flatMap(({ memberId }) => copy.entriesOf(memberId, ENTRIES_MAX));
  const own = [...openEntries.values()].map(({ row }) => row);
  const known = new Map([...rows, ...own].map((row) => [row.opId, row]));
  const toDays = (entries: readonly EntryRow[]): SpentDay[] =>
    entries.flatMap((entry) => {
      const { correctsOpId } = entry;
      const undone =
        correctsOpId === null ? undefined : (known.get(correctsOpId) ?? copy.entry(correctsOpId));
      const { spentMinor } = purchaseShare(entry, undone);
      const { businessDay: day, wallMs: lastAtMs } = undone ?? entry;
      return spentMinor === 0 ? [] : [{ day, spentMinor, lastAtMs }];
    });
  return { confirmed: toDays(rows), open: toDays(own) };
}

interface Asked {
  laid: Person;
  day: string;
  tiers: readonly Tier[];
  /** Read when first asked for, and once. */
  spent: () => SpentHere;
}

function askedOf(ctx: Ctx, laid: Person, day: string): Asked {
  let spent: SpentHere | undefined;
  return { ...{ laid, day, tiers: tiersOf(ctx) }, spent: () => (spent ??= spentHere(ctx, laid)) };
}

/** Reached by a purchase of this till that the centre does not have yet; null: there is no such tier. */
function reachedHere({ laid, day, tiers, spent }: Asked): EarnedTier | null {
  if (tiers.length === 0 || ![...laid.openEntries.values()].some(({ row }) => row.amountMinor !== null))
    return null;
  const { confirmed, open } = spent();
  const earned = earnedTier(tiers, [...confirmed, ...open], day);
  if (earned === null) return null;
  const rankOf = ranksOn(tiers, day);
  const isBelow = (tierId: string): boolean => tierId === '' || rankOf(earned.tierId) > rankOf(tierId);
  const isMore =
    isBelow(tierOn(laid.member, day)) && isBelow(earnedTier(tiers, confirmed, day)?.tierId ?? '');
  return isMore ? earned : null;
}

/**
 * The tier that counts on a day; '' for none. What an own purchase has just reached counts at once, line or no line:
 * the centre comes to the same from the same purchases.
 */
export const tierNow = (ctx: Ctx, laid: Person, day: string): string =>
  reachedHere(askedOf(ctx, laid, day))?.tierId ?? tierOn(laid.member, day);

function nextOf({ day, tiers, spent }: Asked, tierId: string): TierView['next'] {
  const rankOf = ranksOn(tiers, day);
  const next = tiers
    .flatMap((tier) => {
      const rules = tierRulesOn(tier, day);
      const isOpen = rules !== undefined && !rules.isRetired && rules.thresholdMinor > 0;
      return isOpen && (tierId === '' || rules.rank > rankOf(tierId)) ? [rules] : [];
    })
    .sort((one, other) => one.rank - other.rank)[0];
  if (next === undefined) return null;
  const { confirmed, open } = spent();
  return {
    name: next.name,
    nameZh: next.nameZh,
    neededMinor: next.thresholdMinor,
    spentMinor: Math.max(0, spentFor(next, [...confirmed, ...open], day)),
    withinMonths: next.withinMonths,
  };
}

/** A member's tier as of a day, why, and what is missing for the next one. */
export function toTierView(ctx: Ctx, laid: Person, day: string): TierView {
  const { tier, tierUntil, extras } = laid.member;
  const asked = askedOf(ctx, laid, day);
  const here = reachedHere(asked);
  const { tier: reason } = readExtras(extras);
  const why = here ?? (isReached({ tier, tierUntil, reason }) ? reason : null);
  const tierId = here?.tierId ?? tierOn(laid.member, day);
  const known = asked.tiers.find((each) => each.tierId === tierId);
  // One whose first day is still to come is named by what it will be.
  const rules = known === undefined ? undefined : (tierRulesOn(known, day) ?? known);
  return {
    tierId,
    name: rules?.name ?? tierId,
    nameZh: rules?.nameZh ?? '',
    benefits: rules?.benefits ?? '',
    benefitsZh: rules?.benefitsZh ?? '',
    until: here === null ? tierUntil : here.until,
    isOver: tier !== '' && tierId === '',
    isReachedHere: here !== null,
    reached: why === null ? null : { since: why.since, spentMinor: why.spentMinor, version: why.version },
    next: nextOf(asked, tierId),
  };
}
