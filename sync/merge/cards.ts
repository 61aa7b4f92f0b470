import type { AccountId, CardId, CardTypeId, MemberId } from '../base/ids.ts';
import { cardStatusRank, undoneReason, type AccountRow, type CardRow } from '../model/card.ts';
import type { OpBodyOf } from '../model/op.ts';
import type { Applied } from './apply-op.ts';
import { entryOf, wholeMinute } from './entries.ts';
import type { Flag, InboxTask, Outcome, RowReader } from './rows.ts';

interface CardOpening {
  memberId: MemberId;
  cardId: CardId;
  accountId: AccountId;
  cardTypeId: CardTypeId;
  cardNumber: string;
  openingUnits: number;
  expiresOn: string | null;
  cardTypeVersion: number;
  replacesCardId: CardId | null;
}

/** Why a card does not have the number it was issued with, in `CardRow.statusReason`. */
export const NUMBER_TAKEN = 'number_taken';

/** What a card is never changes: an op that names a known id for another card is no till's of ours. */
const isSameCard = (
  known: CardRow | undefined,
  named: { cardNumber: string; accountId: AccountId },
): boolean =>
  known === undefined ||
  (known.accountId === named.accountId &&
    (known.cardNumber === named.cardNumber || known.statusReason === NUMBER_TAKEN));

interface Numbered {
  cardNumber: string;
  statusReason: string;
  tasks: InboxTask[];
}

/**
 * The number for a card. A printed one that two tills activated stays with the earlier card at the centre;
 * the later one goes on under a spare number, so that its member can be served by name or phone and its
 * units move, and a manager is told. Null: there is no spare one.
 */
function numberFor(
  rows: RowReader,
  card: { memberId: MemberId; cardId: CardId; cardNumber: string },
): Numbered | null {
  const { cardNumber, memberId, cardId } = card;
  const holder = rows.cardByNumber(cardNumber);
  if (holder === undefined || holder.cardId === cardId) {
    return { cardNumber, statusReason: '', tasks: [] };
  }
  const spare = rows.spareCardNumber();
  if (spare === null) return null;
  const task: InboxTask = {
    topic: `card_bound_twice ${cardId}`,
    memberId,
    detail: {
      kind: 'card_bound_twice',
      cardNumber,
      keptBy: { memberId: holder.memberId, cardId: holder.cardId },
      other: { memberId, cardId, cardNumber: spare },
    },
  };
  return { cardNumber: spare, statusReason: NUMBER_TAKEN, tasks: [task] };
}

/** A card with its account, and the entry for the units it starts with. */
export function openCard(rows: RowReader, { op, seq }: Applied, opening: CardOpening): Outcome {
  if (!isSameCard(rows.card(opening.cardId), opening)) return { held: 'bad_body' };
  const known = rows.account(opening.accountId);
  if (known !== undefined && known.memberId !== opening.memberId) return { held: 'bad_body' };
  const numbered = numberFor(rows, opening);
  if (numbered === null) return { held: 'card_number_taken' };
  const card: CardRow = {
    cardId: opening.cardId,
    seq,
    cardNumber: numbered.cardNumber,
    memberId: opening.memberId,
    accountId: opening.accountId,
    cardTypeId: opening.cardTypeId,
    status: 'active',
    statusReason: numbered.statusReason,
    issuedAtMs: op.wallMs,
    expiresOn: opening.expiresOn,
    replacesCardId: opening.replacesCardId,
  };
  const account: AccountRow = {
    accountId: opening.accountId,
    seq,
    accountNo: known?.accountNo ?? null,
    memberId: opening.memberId,
    cardTypeId: opening.cardTypeId,
    balance: (known?.balance ?? 0) + opening.openingUnits,
    entryCount: (known?.entryCount ?? 0) + (opening.openingUnits > 0 ? 1 : 0),
    lastEntryAtMs: Math.max(known?.lastEntryAtMs ?? 0, opening.openingUnits > 0 ? wholeMinute(op.wallMs) : 0),
    purchaseCount: known?.purchaseCount ?? 0,
    spentMinor: known?.spentMinor ?? 0,
  };
  const changes: (Outcome & { held: null })['changes'] = [
    { table: 'card', row: card },
    { table: 'account', row: account },
  ];
  if (opening.openingUnits > 0) {
    const entry = entryOf({ op, seq }, { ...opening, kind: 'card.issued', delta: opening.openingUnits });
    changes.push({ table: 'entry', row: entry });
  }
  return { held: null, changes, flags: [], tasks: numbered.tasks };
}

export function issueCard(rows: RowReader, applied: Applied, body: OpBodyOf<'card.issued'>): Outcome {
  const member = rows.member(body.memberId);
  if (member === undefined) return { held: 'unknown_target' };
  const opened = openCard(rows, applied, { ...body, replacesCardId: null });
  if (opened.held !== null || member.state === 'active') return opened;
  return { ...opened, flags: ['on_barred_member'] };
}

/**
 * The new card takes over the account; the old one is dead. Two replacements of one card: both live on the
 * one account.
 */
export function replaceCard(rows: RowReader, { op, seq }: Applied, body: OpBodyOf<'card.replaced'>): Outcome {
  const old = rows.card(body.oldCardId);
  if (old === undefined) return { held: 'unknown_target' };
  const isSame = isSameCard(rows.card(body.cardId), { ...body, accountId: old.accountId });
  if (!isSame || body.cardId === body.oldCardId || old.memberId !== body.memberId)
    return { held: 'bad_body' };
  const numbered = numberFor(rows, body);
  if (numbered === null) return { held: 'card_number_taken' };
  const flags: Flag[] = old.status === 'replaced' ? ['on_dead_card'] : [];
  const card: CardRow = {
    ...old,
    cardId: body.cardId,
    seq,
    cardNumber: numbered.cardNumber,
    status: 'active',
    statusReason: numbered.statusReason,
    issuedAtMs: op.wallMs,
    replacesCardId: old.cardId,
  };
  const dead: CardRow = { ...old, seq, status: 'replaced', statusReason: body.reason };
  return {
    held: null,
    changes: [
      { table: 'card', row: dead },
      { table: 'card', row: card },
    ],
    flags,
    tasks: numbered.tasks,
  };
}

/** Only rises (`CardStatus`), so order of arrival does not matter. */
export function setCardStatus(rows: RowReader, { seq }: Applied, body: OpBodyOf<'card.status'>): Outcome {
  const card = rows.card(body.cardId);
  if (card === undefined) return { held: 'unknown_target' };
  if (card.memberId !== body.memberId) return { held: 'bad_body' };
  const rises = cardStatusRank(body.status) > cardStatusRank(card.status);
  const { status, reason, undone } = body;
  const statusReason = undone === undefined ? reason : undoneReason(undone);
  const row: CardRow = rises ? { ...card, seq, status, statusReason } : { ...card, seq };
  return { held: null, changes: [{ table: 'card', row }], flags: [] };
}
