import { z } from 'zod';
import { CardTypeId, MemberId } from '../../sync/base/ids.ts';
import { CardStatus } from '../../sync/model/card.ts';
import { DayText, MemberState } from '../../sync/model/member.ts';
import { CUSTOM_PREFIX, RegisterCondition, RULES_MAX } from '../../sync/model/register.ts';
import { query, type Method } from './method.ts';
import { CardView } from './views.ts';

export const CARDS_PER_PAGE_MAX = 100;
export const CARD_SORTS = ['number', 'issued', 'expires', 'balance', 'status', 'type'] as const;

/** Where a page ends: the sort key of its last row, and its number. */
export const CardMark = z.strictObject({
  key: z.union([z.string(), z.int()]),
  cardNumber: z.string(),
});

/** Every condition must hold; an empty list and null ask for nothing. Balances in the unit of the card. */
export const CardFilter = z.strictObject({
  statuses: z.array(z.enum([...CardStatus.options, 'expired'])).max(5),
  cardTypeIds: z.array(CardTypeId).max(50),
  balanceFrom: z.int().nullable(),
  balanceTo: z.int().nullable(),
  issuedFrom: DayText.nullable(),
  issuedTo: DayText.nullable(),
  expiresFrom: DayText.nullable(),
  expiresTo: DayText.nullable(),
  /** On a phone, or not (F42). */
  isInstalled: z.boolean().nullable().default(null),
  /** Of the chain's own attributes of cards (F40): columns `custom:ID`. */
  own: z
    .array(RegisterCondition)
    .max(RULES_MAX)
    .refine((rules) => rules.every(({ column }) => column.startsWith(CUSTOM_PREFIX)), 'not a field of cards')
    .default([]),
});
export type CardFilter = z.infer<typeof CardFilter>;

export const CardListRow = z.strictObject({
  memberId: MemberId,
  memberName: z.string(),
  memberState: MemberState,
  card: CardView,
});
export type CardListRow = z.infer<typeof CardListRow>;

export const CardList = z.strictObject({
  rows: z.array(CardListRow),
  /** For the next page; null at the end. */
  after: CardMark.nullable(),
  /** All cards of the copy, whatever was asked. */
  total: z.int(),
  /** This till's unsent actions count in order and conditions; not while the list is still being made. */
  isLaid: z.boolean(),
});
export type CardList = z.infer<typeof CardList>;

export const cardList = {
  /**
   * All cards, a page at a time. `text`: a card number or part of it, or what finds a member. In the order of the
   * numbers and without conditions by index seeks, else a thread of its own reads all cards; once the list in memory is
   * made, from there.
   */
  'cards.list': query(
    z.strictObject({
      text: z.string().trim().max(120),
      filter: CardFilter,
      sort: z.enum(CARD_SORTS),
      isDescending: z.boolean(),
      after: CardMark.nullable(),
      limit: z.int().min(1).max(CARDS_PER_PAGE_MAX),
    }),
    CardList,
  ),
} satisfies Record<string, Method>;
