import type { CardView } from '../../electron/contract/views.ts';
import type { Attribute } from '../../sync/model/attributes.ts';
import { changedIn, hasWrongValue } from './attribute-values.ts';

/** What somebody typed over of a card's data; the rest stays as the card has it, whoever changes it meanwhile. */
export interface CardDataDraft {
  /** Values of the chain's own attributes, by id. */
  readonly typed: Readonly<Record<string, string>>;
  /** Whether it is on a phone; null while nobody said so. */
  readonly isInstalled: boolean | null;
}
export const NO_CARD_DATA: CardDataDraft = { typed: {}, isInstalled: null };

type Kept = Pick<CardView, 'custom' | 'isInstalled'>;

export interface CardDataChange {
  /** Null takes a value away. */
  readonly custom: Record<string, string | null>;
  /** Null leaves it as it is. */
  readonly isInstalled: boolean | null;
}

/** What is read of a card: a retired attribute shows no more, though the card still has its value. */
export const shownOf = ({ custom }: Pick<Kept, 'custom'>, attributes: readonly Attribute[]): Attribute[] =>
  attributes.filter(({ attributeId, isRetired }) => !isRetired && (custom[attributeId] ?? '') !== '');

/** What is asked for: those of today, and a retired one where there is a value to take away. */
export const askedOf = ({ custom }: Pick<Kept, 'custom'>, attributes: readonly Attribute[]): Attribute[] =>
  attributes.filter(({ attributeId, isRetired }) => !isRetired || attributeId in custom);

/** What of it is to be saved; null for nothing. A masked value that nobody touched is never sent as it looks. */
export function changeOf({ typed, isInstalled }: CardDataDraft, card: Kept): CardDataChange | null {
  const custom = changedIn(typed, card.custom);
  const isOther = isInstalled !== null && isInstalled !== card.isInstalled;
  if (Object.keys(custom).length === 0 && !isOther) return null;
  return { custom, isInstalled: isOther ? isInstalled : null };
}

/** True when the core would refuse a value of the change. */
export const isWrong = (attributes: readonly Attribute[], change: CardDataChange | null): boolean =>
  change !== null && hasWrongValue(attributes, change.custom);
