import type { CardView } from '../../../electron/contract/views.ts';
import type { CardKind, CardRules } from '../../../sync/model/chain.ts';

const UNITS: Readonly<Record<CardKind, CardView['balance']['unit']>> = {
  stamp: 'stamps',
  points: 'points',
  visits: 'visits',
  credit: 'minor',
  discount: 'percent',
  coupon: 'uses',
};
export const unitOf = (kind: CardKind): CardView['balance']['unit'] => UNITS[kind];

/** What a member might have on such a card: some of the way to the first reward. */
function sampleBalance(kind: CardKind, { goal, rewards, packs, openingUnits }: CardRules): number {
  const first = rewards.map(({ cost }) => cost).sort((one, other) => one - other)[0] ?? 100;
  if (kind === 'stamp') return Math.max(1, Math.floor(goal * 0.6));
  if (kind === 'visits') return packs[0] ?? 10;
  if (kind === 'credit') return 2_500;
  return kind === 'coupon' ? Math.max(1, openingUnits) : Math.floor(first * 1.2);
}

/** The card as the cashier will see it, with a made-up number and balance. */
export function previewCard(kind: CardKind, rules: CardRules, nowMs: number): CardView {
  const confirmed = sampleBalance(kind, rules);
  // Casts: nobody's card, ids of nothing.
  const nobody = 'preview' as string;
  return {
    cardId: nobody as CardView['cardId'],
    accountId: nobody as CardView['accountId'],
    cardTypeId: nobody as CardView['cardTypeId'],
    cardNumber: '6035550000001234',
    cardType: rules.name,
    cardTypeZh: rules.nameZh,
    kind,
    colour: rules.colour,
    status: rules.isRetired ? 'closed' : 'active',
    isPending: false,
    expiresOn: rules.usableUntil,
    balance: { confirmed, pending: 0, unit: unitOf(kind), asOfMs: nowMs },
    goal: rules.goal,
    discountPercent: rules.discountPercent,
    packs: rules.packs,
    earnPoints: rules.earnPoints,
    earnPerMinor: rules.earnPerMinor,
    worth: rules.worth ?? null,
    earning: { tierId: '', earnedToday: 0 },
    ...{ custom: {}, isInstalled: false },
    isUnlimited: rules.isUnlimited,
    rewards: rules.rewards.map((reward) => ({ ...reward, isAffordable: confirmed >= reward.cost })),
    actions: [],
  };
}
