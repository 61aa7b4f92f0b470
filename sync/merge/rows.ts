import type { AccountId, CardId, MemberId, OpId } from '../base/ids.ts';
import { WHOLE_CHAIN } from '../base/ids.ts';
import type { AccountRow, CardRow, EntryRow } from '../model/card.ts';
import type { ChainDocument, DocumentKind } from '../model/chain.ts';
import type { ConsentRow } from '../model/consent.ts';
import type { FieldClocks, MemberRow } from '../model/member.ts';
import type { OpBody } from '../model/op.ts';
import type { HeldReason } from '../model/feed.ts';
import type { InboxDetail } from '../model/inbox.ts';

/** The rows that the rules may look at, as they stand before the op. Whoever applies ops provides them. */
export interface RowReader {
  member(id: MemberId): MemberRow | undefined;
  card(id: CardId): CardRow | undefined;
  cardByNumber(cardNumber: string): CardRow | undefined;
  account(id: AccountId): AccountRow | undefined;
  entry(id: OpId): EntryRow | undefined;
  /** The entry that counters `id`, if there is one. */
  correctionOf(id: OpId): EntryRow | undefined;
  /**
   * Last writer of each field; null where they are not kept (on a till, whose own edits always lie on top).
   */
  fieldClocks(id: MemberId): FieldClocks | null;
  /** Everybody who is one person with `id`, `id` included, in no order. Asked only of `Targets.sets`. */
  mergedSet(id: MemberId): readonly MemberId[];
  /** A card number that nobody has, for a card whose own is taken; each call another. Null: there is none. */
  spareCardNumber(): string | null;
  /** The newest version of a chain document. */
  document(kind: DocumentKind, id: string): ChainDocument | undefined;
  /** All of a kind, in no order. Asked only of kinds that `Targets.documents` names with `allOf`. */
  documentsOf(kind: DocumentKind): readonly ChainDocument[];
}

/** A row as the op leaves it. */
export type RowChange =
  | { table: 'member'; row: MemberRow; clocks: FieldClocks | null }
  | { table: 'card'; row: CardRow }
  | { table: 'account'; row: AccountRow }
  | { table: 'entry'; row: EntryRow }
  | { table: 'consent'; row: ConsentRow }
  | { table: 'document'; row: ChainDocument };

/** Something a manager should look at; nothing waits for it. `topic` tells it from every other, for good. */
export interface InboxTask {
  topic: string;
  memberId: MemberId | null;
  detail: InboxDetail;
}

/** Accepted, because it happened, but somebody should look at it. */
export type Flag =
  | 'overdrawn'
  | 'on_barred_member'
  | 'on_dead_card'
  | 'clock_ahead'
  | 'clock_behind'
  | 'shared_mobile'
  | 'shared_lookup_id'
  | 'other_rule';

export type Outcome =
  | { held: HeldReason }
  | { held: null; changes: RowChange[]; flags: Flag[]; tasks?: InboxTask[] };

/** Keys of all rows that an op reads or writes, so that a batch can load them at once. */
export interface Targets {
  members: MemberId[];
  cards: CardId[];
  cardNumbers: string[];
  accounts: AccountId[];
  entries: OpId[];
  /** Members whose whole merged set the rule asks for. */
  sets: MemberId[];
  /** Chain documents as `documentKey` names them. */
  documents: string[];
}

export const documentKey = (kind: string, id: string): string => `${kind} ${id}`;
/** Names every document of a kind; no document has an empty id. */
export const allOf = (kind: DocumentKind): string => documentKey(kind, '');

/** Entries that an op counters, expires or books under an id of its own. */
export function entriesOf(body: OpBody): OpId[] {
  if (body.kind === 'entry.corrected') return [body.correctsOpId];
  if (body.kind === 'purchase.edited') return [body.correctsOpId, body.entryId];
  return body.kind === 'points.expired' ? [body.lotOpId] : [];
}

/** The document itself, and the attributes whose rules say who may set a value. */
function documentsOf(body: OpBody): string[] {
  if (body.kind === 'document.saved')
    return [documentKey(body.docKind, body.id), ...(body.docKind === 'staff' ? [allOf('staff')] : [])];
  const custom =
    body.kind === 'member.extras'
      ? body.custom
      : body.kind === 'member.created'
        ? body.extras?.custom
        : undefined;
  const ofCards = body.kind === 'member.extras' ? Object.values(body.cards ?? {}).flatMap(Object.keys) : [];
  return [...Object.keys(custom ?? {}), ...ofCards].map((id) => documentKey('attribute', id));
}

export function targetsOf(body: OpBody): Targets {
  const targets: Targets = {
    members: body.memberId === WHOLE_CHAIN ? [] : [body.memberId],
    cards: [],
    cardNumbers: [],
    accounts: [],
    entries: [],
    sets: [],
    documents: documentsOf(body),
  };
  if ('cardId' in body) targets.cards.push(body.cardId);
  if ('accountId' in body) targets.accounts.push(body.accountId);
  if ('cardNumber' in body) targets.cardNumbers.push(body.cardNumber);
  if (body.kind === 'card.replaced') targets.cards.push(body.oldCardId);
  if (body.kind === 'member.merged' || body.kind === 'member.unmerged') {
    targets.members.push(body.intoId);
    targets.sets.push(body.memberId, body.intoId);
  }
  const isOfAll = body.kind === 'member.state' && body.state === 'anonymised';
  if (isOfAll || body.kind === 'consent.recorded') targets.sets.push(body.memberId);
  targets.entries.push(...entriesOf(body));
  if (body.kind === 'member.created' && body.card !== null) {
    targets.cards.push(body.card.cardId);
    targets.accounts.push(body.card.accountId);
    targets.cardNumbers.push(body.card.cardNumber);
  }
  return targets;
}
