import type { CardScan } from '../../../db/replica/repos/card-scan.ts';
import { toSearchPlan } from '../../../sync/base/search-key.ts';
import type { CardRow } from '../../../sync/model/card.ts';
import { readExtras } from '../../../sync/model/extras.ts';
import { valueTest } from '../../../sync/model/list-tests.ts';
import { CUSTOM_PREFIX, kindOfColumn, kindsOf, type ColumnKinds } from '../../../sync/model/register.ts';
import {
  CARDS_PER_PAGE_MAX,
  type CardFilter,
  type CardList,
  type CardListRow,
} from '../../contract/card-list.ts';
import type { Input } from '../../contract/index.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { assertRole } from '../commands/shared.ts';
import type { Laid } from '../overlay.ts';
import { toCardView, type CardFacts } from '../views/card-view.ts';
import { cardFacts, nameOf } from '../views/member-view.ts';
import { findMembers } from './members-lookup.ts';

type Asked = Input<'cards.list'>;

const DIGITS = /^[\d\s-]+$/;
const NUMBER_DIGITS = 16;
/** Behind every card number. */
const BEYOND = 'x';

/** Her import was undone, and nobody has booked anything of hers since: neither she nor her cards are in a list. */
function isUndone({ member, accounts }: Laid): boolean {
  const { undone } = readExtras(member.extras);
  return (
    undone !== null && undone === [...accounts.values()].reduce((sum, { view }) => sum + view.entryCount, 0)
  );
}

/** The card as the cashier would see it, own unsent entries on top; undefined where its member is not here. */
function toRow(ctx: Ctx, card: CardRow, facts: CardFacts): CardListRow[] {
  const laid = ctx.overlay.lay(card.memberId);
  const now = laid?.cards.find(({ cardId }) => cardId === card.cardId);
  if (laid === undefined || now === undefined || isUndone(laid)) return [];
  const { memberId, state } = laid.member;
  return [
    { memberId, memberName: nameOf(laid.member), memberState: state, card: toCardView(laid, now, facts) },
  ];
}

const isPlain = (filter: CardFilter): boolean =>
  Object.values(filter).every((value) => value === null || (Array.isArray(value) && value.length === 0));

const dayMs = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const DAY_MS = 86_400_000;

const issuedIn = ({ issuedFrom, issuedTo }: CardFilter) => ({
  issuedFromMs: issuedFrom === null ? null : dayMs(issuedFrom),
  issuedToMs: issuedTo === null ? null : dayMs(issuedTo) + DAY_MS - 1,
});

interface Scene {
  digits: string;
  today: string;
  /** What the chain's own attributes of cards are. */
  kinds: ColumnKinds;
}

function toScan(
  { filter, sort, isDescending, after, limit }: Asked,
  { digits, today, kinds }: Scene,
): CardScan {
  const { issuedFrom: _from, issuedTo: _to, ...rest } = filter;
  return {
    ...rest,
    ...issuedIn(filter),
    ...{ sort, isDescending, after, limit, today, digits, kinds },
  };
}

/** In the order of the numbers, of those that begin with `digits`: index seeks only. */
function byNumber(ctx: Ctx, { isDescending, after, limit }: Asked, digits: string) {
  const begin = after?.cardNumber ?? null;
  const from = isDescending || begin === null ? digits : begin;
  const to = isDescending && begin !== null ? begin : digits + BEYOND;
  // `from` is exclusive, and a whole number is longer than any part of it.
  const cards = ctx.replica().cardsByNumber({ from, to, isDescending, limit });
  return cards.map((card) => ({ card, key: card.cardNumber }));
}

const isBetween = (
  value: number | string,
  from: number | string | null,
  to: number | string | null,
): boolean => (from === null || value >= from) && (to === null || value <= to);

/** The same conditions for cards that were found by their member. */
function fits({ card }: CardListRow, issuedAtMs: number, { filter, kinds }: Found): boolean {
  const { statuses, cardTypeIds, expiresFrom, expiresTo, isInstalled } = filter;
  const { issuedFromMs, issuedToMs } = issuedIn(filter);
  const { confirmed, pending } = card.balance;
  return (
    (statuses.length === 0 || statuses.includes(card.status)) &&
    (cardTypeIds.length === 0 || cardTypeIds.includes(card.cardTypeId)) &&
    isBetween(confirmed + pending, filter.balanceFrom, filter.balanceTo) &&
    isBetween(issuedAtMs, issuedFromMs, issuedToMs) &&
    (isInstalled === null || card.isInstalled === isInstalled) &&
    filter.own.every((condition) => {
      const isWanted = valueTest(kindOfColumn(condition.column, kinds), condition);
      return isWanted?.(card.custom[condition.column.slice(CUSTOM_PREFIX.length)] ?? '') === true;
    }) &&
    ((expiresFrom === null && expiresTo === null) ||
      (card.expiresOn !== null && isBetween(card.expiresOn, expiresFrom, expiresTo)))
  );
}

interface Found {
  filter: CardFilter;
  kinds: ColumnKinds;
}

function byMember(ctx: Ctx, { text, filter, limit }: Asked, facts: CardFacts): CardListRow[] {
  const kinds = cardKinds(ctx);
  const plan = toSearchPlan(text, ctx.directory.country());
  const held = plan.cardNumber === null ? undefined : ctx.overlay.findByCardNumber(plan.cardNumber);
  const found = findMembers(ctx, plan, CARDS_PER_PAGE_MAX);
  const holder = held === undefined ? undefined : ctx.overlay.lay(held.memberId);
  const isMeant = ({ card }: CardListRow): boolean =>
    held === undefined || card.cardNumber === plan.cardNumber;
  return [...(holder === undefined || isUndone(holder) ? [] : [holder]), ...found]
    .flatMap((laid) =>
      laid.cards.flatMap((card): CardListRow[] => {
        const { memberId, state: memberState } = laid.member;
        const row = {
          ...{ memberId, memberState, memberName: nameOf(laid.member) },
          card: toCardView(laid, card, facts),
        };
        return fits(row, card.issuedAtMs, { filter, kinds }) && isMeant(row) ? [row] : [];
      }),
    )
    .slice(0, limit);
}

const cardKinds = ({ directory }: Ctx): ColumnKinds => kindsOf(directory.cardAttributes());

interface Search extends Scene {
  /** Null while the list in memory is being made: the file answers. */
  thread: ReturnType<Ctx['register']['readyCards']>;
  isSeek: boolean;
}

async function findCards(ctx: Ctx, asked: Asked, { thread, isSeek, ...scene }: Search) {
  if (thread === null && isSeek) return byNumber(ctx, asked, scene.digits);
  const scan = toScan(asked, scene);
  return thread === null ? ctx.replica().scanCards(scan) : thread.cardPage(scan);
}

export const listCards: Handler<'cards.list'> = async (ctx, asked): Promise<CardList> => {
  assertRole(ctx, 'supervisor');
  const facts = cardFacts(ctx);
  const total = ctx.replica().counts().cards;
  const isNumber = DIGITS.test(asked.text);
  const digits = isNumber ? asked.text.replace(/\D/g, '') : '';
  if (asked.text !== '' && (!isNumber || digits.length >= NUMBER_DIGITS)) {
    return { rows: byMember(ctx, asked, facts), after: null, total, isLaid: true };
  }
  const isSeek = asked.sort === 'number' && isPlain(asked.filter) && isOfChain(ctx, digits);
  const thread = ctx.register.readyCards();
  const scene = { digits, today: facts.businessDay, kinds: cardKinds(ctx) };
  const found = await findCards(ctx, asked, { thread, isSeek, ...scene });
  const last = found.length === asked.limit ? found.at(-1) : undefined;
  // A phone is digits, too: its holder's cards come first, on the first page.
  const ofPhone = digits === '' || asked.after !== null || isSeek ? [] : byMember(ctx, asked, facts);
  const known = new Set(ofPhone.map(({ card }) => card.cardId));
  const rows = found
    .filter(({ card }) => !known.has(card.cardId))
    .flatMap(({ card }) => toRow(ctx, card, facts));
  return {
    rows: [...ofPhone, ...rows],
    after: last === undefined ? null : { key: last.key, cardNumber: last.card.cardNumber },
    total,
    isLaid: thread !== null,
  };
};

/** Digits that begin as all of the chain's numbers do: no part of a phone was meant. */
const isOfChain = (ctx: Ctx, digits: string): boolean => {
  const prefix = ctx.directory.chain()?.cardPrefix ?? '';
  return digits === '' || (digits.length >= prefix.length && digits.startsWith(prefix));
};
