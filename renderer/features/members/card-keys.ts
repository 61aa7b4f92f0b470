import type { CardAction, CardView } from '../../../electron/contract/views.ts';

/** What the cashier can start on a card: with one press, or with a form where something must be said first. */
export type CardDeed =
  | 'stamp-1'
  | 'stamp-2'
  | 'stamp-n'
  | 'stamp-buy'
  | 'credit'
  | 'by-hand'
  | 'debit'
  | 'visit-1'
  | 'visit-n'
  | 'add-visits'
  | 'top-up'
  | 'earn'
  | 'spend'
  | 'redeem'
  | 'replace'
  | 'report-lost';

export interface DeedKey {
  readonly deed: CardDeed;
  readonly key: string | undefined;
  /** The action of the contract that must be offered for it. */
  readonly action: CardAction;
  readonly isMain: boolean;
}

const deed = (name: CardDeed, action: CardAction, key?: string): DeedKey => ({
  deed: name,
  key,
  action,
  isMain: key === 'F2',
});

/** The same key is the same kind of thing on each card: F2 the usual, F3 its variant, F4 the rare, F8 the reward. */
const DEEDS: Readonly<Record<CardView['kind'], readonly DeedKey[]>> = {
  stamp: [
    deed('stamp-1', 'stamp', 'F2'),
    deed('stamp-2', 'stamp', 'F3'),
    deed('stamp-n', 'stamp', 'F4'),
    deed('stamp-buy', 'stamp-buy'),
  ],
  points: [deed('credit', 'credit', 'F2'), deed('by-hand', 'credit', 'F3'), deed('debit', 'debit', 'F4')],
  visits: [
    deed('visit-1', 'visit', 'F2'),
    deed('visit-n', 'visit', 'F3'),
    deed('add-visits', 'add-visits', 'F4'),
  ],
  credit: [deed('spend', 'spend', 'F2'), deed('top-up', 'top-up', 'F3'), deed('earn', 'earn', 'F4')],
  coupon: [],
  discount: [],
};
const REDEEM = deed('redeem', 'redeem', 'F8');
const CARE = [deed('replace', 'replace'), deed('report-lost', 'report-lost')];

/** What the card in front offers now to somebody who may, in the order of the keys. */
export function deedsOf(card: CardView, mayByHand: boolean): DeedKey[] {
  const deeds = [...DEEDS[card.kind], { ...REDEEM, isMain: card.kind === 'coupon' }];
  return deeds.filter((each) => card.actions.includes(each.action) && (each.deed !== 'by-hand' || mayByHand));
}

/** The seldom ones, kept in the menu. */
export const careOf = (card: CardView): DeedKey[] =>
  CARE.filter(({ action }) => card.actions.includes(action));
