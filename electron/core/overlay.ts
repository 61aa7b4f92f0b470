import type { ReplicaDb } from '../../db/replica/types.ts';
import type { StoredOp, TillDb } from '../../db/till/types.ts';
import type { AccountId, CardId, MemberId, OpId } from '../../sync/base/ids.ts';
import { unreachable } from '../../sync/base/must.ts';
import { undoneAsOf, type AccountRow, type CardRow, type EntryRow } from '../../sync/model/card.ts';
import type { MemberRow } from '../../sync/model/member.ts';
import type { OpKind } from '../../sync/model/op.ts';
import { applyOp } from '../../sync/merge/apply-op.ts';
import { carryWord, isSameWord } from '../../sync/merge/consents.ts';
import { rootOf } from '../../sync/merge/merged.ts';
import type { RowChange, RowReader } from '../../sync/merge/rows.ts';

/**
 * One person as this till sees them: the rows that the centre confirmed, with the till's own open ops laid on
 * top. Members that were found to be the same person are one: asked for by any of them, with the cards of
 * all.
 */
export interface Laid {
  /** Whom the person goes on as. */
  member: MemberRow;
  /** Everybody who is this person, `member` first. */
  people: MemberRow[];
  /** What the centre confirmed of the member; undefined while only this till knows it. */
  confirmed: MemberRow | undefined;
  cards: CardRow[];
  accounts: Map<AccountId, { confirmed: number; view: AccountRow }>;
  /** Entries that the replica does not hold yet. */
  openEntries: Map<OpId, { row: EntryRow; stored: StoredOp }>;
  /** Own ops of the member that are not in the confirmed rows. */
  openOps: StoredOp[];
}

interface Tables {
  member: MemberRow | undefined;
  cards: Map<CardId, CardRow>;
  accounts: Map<AccountId, AccountRow>;
  entries: Map<OpId, EntryRow>;
}

/**
 * True when the confirmed row already holds the op. Rows move ahead in the feed as they change, so the test
 * is against the row's own number and exact at any moment of a pull; a held op is in no row.
 */
const isInRow = (stored: StoredOp, confirmedSeq: number | undefined): boolean =>
  stored.heldReason === null &&
  stored.ackSeq !== null &&
  confirmedSeq !== undefined &&
  confirmedSeq >= stored.ackSeq;

const DECISIONS: ReadonlySet<string> = new Set<OpKind>([
  ...(['member.state', 'member.changed', 'member.extras', 'member.removed'] as const),
]);

/**
 * A decision that the centre found its actor had no right to: it waits for a person, and must not lift a
 * block or allow credit on this till meanwhile. Facts are another matter: they happened.
 */
const isWithoutForce = ({ heldReason, op }: StoredOp): boolean =>
  (heldReason === 'not_allowed' || heldReason === 'actor_unknown') && DECISIONS.has(op.kind);

function readerOver(view: Tables, memberId: MemberId, replica: ReplicaDb): RowReader {
  return {
    member: (id) => (id === memberId ? view.member : replica.member(id)),
    card: (id) => view.cards.get(id) ?? replica.card(id),
    // A number's holder was checked when the op was made, and the centre checks again.
    cardByNumber: () => undefined,
    account: (id) => view.accounts.get(id) ?? replica.account(id),
    entry: (id) => view.entries.get(id) ?? replica.entry(id),
    correctionOf: (id) =>
      [...view.entries.values()].find((entry) => entry.correctsOpId === id) ?? replica.correctionOf(id),
    fieldClocks: () => null,
    // Whoever is one person with an anonymised member goes when the centre says so.
    mergedSet: (id) => [id],
    spareCardNumber: () => null,
    // What is about the whole chain is laid by `documents.ts`.
    document: () => undefined,
    documentsOf: () => [],
  };
}

interface Laying {
  memberId: MemberId;
  view: Tables;
  base: Tables;
  replica: ReplicaDb;
}

/** Puts one change of an op into the view, unless the confirmed row holds the op already. */
function layChange({ memberId, view, base, replica }: Laying, stored: StoredOp, change: RowChange): boolean {
  switch (change.table) {
    case 'member': {
      if (change.row.memberId !== memberId || isInRow(stored, base.member?.seq)) return false;
      view.member = { ...change.row, seq: base.member?.seq ?? 0 };
      return true;
    }
    case 'card': {
      const confirmedSeq = base.cards.get(change.row.cardId)?.seq;
      if (isInRow(stored, confirmedSeq)) return false;
      view.cards.set(change.row.cardId, { ...change.row, seq: confirmedSeq ?? 0 });
      return true;
    }
    case 'account': {
      const confirmedSeq = base.accounts.get(change.row.accountId)?.seq;
      if (isInRow(stored, confirmedSeq)) return false;
      view.accounts.set(change.row.accountId, { ...change.row, seq: confirmedSeq ?? 0 });
      return true;
    }
    case 'entry': {
      if (replica.entry(change.row.opId) !== undefined) return false;
      view.entries.set(change.row.opId, change.row);
      return true;
    }
    case 'document':
      return false;
    case 'consent':
      // The ledger of consents is the centre's; what counts now is in the member's row.
      return false;
    default:
      return unreachable(change);
  }
}

/**
 * The account as an own op leaves it whose entry is not in the copy: one that was fetched anew gets its entries last.
 * The op itself says by how much.
 */
function movedBlindly({ op }: StoredOp, accounts: Tables['accounts']): RowChange[] {
  const { body } = op;
  if (body.kind !== 'entry.corrected' && body.kind !== 'purchase.edited') return [];
  const account = accounts.get(body.accountId);
  if (account === undefined) return [];
  const delta = body.delta + (body.kind === 'purchase.edited' ? body.newUnits : 0);
  return [{ table: 'account', row: { ...account, balance: account.balance + delta } }];
}

/** Applies the open ops in order; says which of them counted, and the entries they make. */
function layOps(laying: Laying, open: readonly StoredOp[]): Pick<Laid, 'openOps' | 'openEntries'> {
  const openOps: StoredOp[] = [];
  const openEntries: Laid['openEntries'] = new Map();
  const reader = readerOver(laying.view, laying.memberId, laying.replica);
  for (const stored of open) {
    if (isWithoutForce(stored)) {
      openOps.push(stored);
      continue;
    }
    const outcome = applyOp(reader, { op: stored.op, seq: 0, hlc: stored.op.hlc });
    // One that the centre holds for the same reason is let in as soon as the entry is there.
    const isBlind = outcome.held === 'unknown_target' && (stored.heldReason ?? outcome.held) === outcome.held;
    if (outcome.held !== null && !isBlind) continue;
    const changes = outcome.held === null ? outcome.changes : movedBlindly(stored, laying.view.accounts);
    const laid = changes.filter((change) => layChange(laying, stored, change));
    if (laid.length > 0) openOps.push(stored);
    for (const change of laid) {
      if (change.table === 'entry') openEntries.set(change.row.opId, { row: change.row, stored });
    }
  }
  return { openOps, openEntries };
}

interface Base extends Tables {
  /** Members that go on as this one. */
  mergedFrom: MemberId[];
}

/**
 * Confirmed rows of one member, the last one kept: a cashier scans, looks and presses, and it is the same
 * member each time. Read again as soon as the copy was written to or replaced.
 */
function createBaseReader(replica: () => ReplicaDb) {
  let kept: { memberId: MemberId; replica: ReplicaDb; writes: number; base: Base } | undefined;
  const read = (memberId: MemberId): Base => {
    const confirmed = replica();
    const writes = confirmed.writes();
    if (kept?.memberId === memberId && kept.replica === confirmed && kept.writes === writes) return kept.base;
    const base: Base = {
      member: confirmed.member(memberId),
      cards: new Map(confirmed.cardsOf(memberId).map((card) => [card.cardId, card])),
      accounts: new Map(confirmed.accountsOf(memberId).map((account) => [account.accountId, account])),
      entries: new Map(),
      mergedFrom: confirmed.mergedFrom(memberId),
    };
    kept = { memberId, replica: confirmed, writes, base };
    return base;
  };
  /** Its holder, where the card is one of the member's that was read last. */
  const holderOf = (cardId: CardId): MemberId | undefined =>
    kept?.replica === replica() && kept.writes === kept.replica.writes()
      ? kept.base.cards.get(cardId)?.memberId
      : undefined;
  return { read, holderOf };
}

/** A person with one more of their former selves. */
function joined(whole: Laid, part: Laid | undefined): Laid {
  if (part === undefined) return whole;
  return {
    member: whole.member,
    people: [...whole.people, ...part.people],
    confirmed: whole.confirmed,
    cards: [...whole.cards, ...part.cards],
    accounts: new Map([...whole.accounts, ...part.accounts]),
    openEntries: new Map([...whole.openEntries, ...part.openEntries]),
    openOps: [...whole.openOps, ...part.openOps],
  };
}

/** An own word that the centre does not have yet counts for the whole person, as it will there. */
function carrying(laid: Laid): Laid {
  const { member, confirmed, people } = laid;
  if (confirmed === undefined || isSameWord(confirmed, member)) return laid;
  const [root, ...former] = people;
  if (root === undefined) return laid;
  return { ...laid, people: [root, ...former.map((each) => carryWord(each, confirmed, member))] };
}

/** Tells accounts whose card came with an import that was undone, and that nobody has used. */
function isNobodys({ cards, accounts }: Tables): (accountId: AccountId) => boolean {
  const gone = new Set(
    [...cards.values()]
      .filter((card) => undoneAsOf(card) === accounts.get(card.accountId)?.entryCount)
      .map(({ accountId }) => accountId),
  );
  return (accountId) => gone.has(accountId);
}

export function createOverlay(till: TillDb, replica: () => ReplicaDb) {
  const confirmedRows = createBaseReader(replica);

  const layOne = (memberId: MemberId): Laid | undefined => {
    const confirmed = replica();
    const base = confirmedRows.read(memberId);
    const open = till.ops.listOpen(memberId, confirmed.meta().settled);
    if (base.member === undefined && open.length === 0) return undefined;
    const view: Tables = {
      member: base.member,
      cards: new Map(base.cards),
      accounts: new Map(base.accounts),
      entries: new Map(),
    };
    const laid = layOps({ memberId, view, base, replica: confirmed }, open);
    if (view.member === undefined) return undefined;
    const isGone = isNobodys(view);
    const accounts = new Map(
      [...view.accounts.values()]
        .filter(({ accountId }) => !isGone(accountId))
        .map((account) => [
          account.accountId,
          { confirmed: base.accounts.get(account.accountId)?.balance ?? 0, view: account },
        ]),
    );
    return {
      ...laid,
      member: view.member,
      people: [view.member],
      confirmed: base.member,
      cards: [...view.cards.values()].filter(({ accountId }) => !isGone(accountId)),
      accounts,
    };
  };

  /** Everybody who goes on as `root`, along all chains. */
  const kinOf = (root: MemberId): MemberId[] => {
    const kin = new Set<MemberId>([root]);
    // A set is walked over what is added to it meanwhile.
    for (const id of kin) for (const from of confirmedRows.read(id).mergedFrom) kin.add(from);
    return [...kin].slice(1);
  };

  /**
   * The person with every open op of this till applied, or undefined if neither file knows the member. A
   * merge shows once the centre has confirmed it.
   */
  const lay = (memberId: MemberId): Laid | undefined => {
    const isMerged = (confirmedRows.read(memberId).member?.mergedIntoId ?? null) !== null;
    const root = isMerged ? rootOf((id) => replica().member(id), memberId) : memberId;
    // The root's own row may still be on its way.
    const laid = layOne(root) ?? layOne(memberId);
    if (laid === undefined || confirmedRows.read(laid.member.memberId).mergedFrom.length === 0) return laid;
    return carrying(kinOf(laid.member.memberId).reduce((whole, id) => joined(whole, layOne(id)), laid));
  };

  /** Holder of a card number, issued here or elsewhere. */
  const findByCardNumber = (cardNumber: string): { memberId: MemberId; cardId: CardId } | undefined => {
    const card = replica().cardByNumber(cardNumber);
    if (card !== undefined) return { memberId: card.memberId, cardId: card.cardId };
    for (const memberId of till.ops.searchOpen({ key: `c${cardNumber}`, isPrefix: false }, 1)) {
      const own = lay(memberId)?.cards.find((each) => each.cardNumber === cardNumber);
      if (own !== undefined) return { memberId, cardId: own.cardId };
    }
    return undefined;
  };

  /** Member of a card, issued here or elsewhere. */
  const findByCard = (cardId: CardId): MemberId | undefined =>
    confirmedRows.holderOf(cardId) ??
    replica().card(cardId)?.memberId ??
    till.ops.searchOpen({ key: `i${cardId}`, isPrefix: false }, 1)[0];

  return { lay, findByCardNumber, findByCard };
}
export type Overlay = ReturnType<typeof createOverlay>;
