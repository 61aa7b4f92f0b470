import { CSV_START, csvLine } from '../../../sync/base/csv.ts';
import { agreesToMarketing } from '../../../sync/merge/consents.ts';
import { isAtLeast } from '../../../sync/merge/roles.ts';
import type { AccountRow, EntryRow } from '../../../sync/model/card.ts';
import { isSegmented } from '../../../sync/segments/facts.ts';
import { AppError } from '../../contract/errors.ts';
import type { HistoryScope } from '../../contract/records.ts';
import type { HandReceiptView } from '../../contract/views.ts';
import { actor, getLaid } from '../commands/shared.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { sendPiece, type ExportOf, type Piece } from '../export-record.ts';
import { roleNow } from '../op-writer.ts';
import type { Laid } from '../overlay.ts';
import { listOpenMembers } from '../register/own-members.ts';
import { toHandReceipts } from '../views/hand-receipts.ts';
import { nameOf } from '../views/member-view.ts';

/** A piece takes so long, and no cashier waits for longer. */
const PIECE_MS = 10;
const ACCOUNTS_PER_READ = 100;
/** Some 150 signs a line: a piece stays far below what a message may hold. */
const LINES_PER_PIECE = 5_000;

const HEADERS = [
  ...['member_id', 'member_name', 'card_number', 'card_type', 'time', 'business_day', 'kind', 'units'],
  ...['amount', 'receipt_number', 'reward', 'reason', 'staff', 'till', 'entry_id', 'corrects_entry_id'],
  ...['store', 'checked'],
];

function assertMay(ctx: Ctx, scope: HistoryScope): void {
  const needed = scope.kind === 'member' ? 'supervisor' : 'manager';
  if (!isAtLeast(roleNow(ctx.directory, actor(ctx)), needed))
    throw new AppError('not_allowed', `This needs a ${needed}. Nothing was exported.`);
}

function amountText({ directory }: Ctx, amountMinor: number | null): string {
  const decimals = directory.chain()?.currencyDecimals ?? 2;
  return amountMinor === null ? '' : (amountMinor / 10 ** decimals).toFixed(decimals);
}

function lineOf(ctx: Ctx, laid: Laid, entry: EntryRow): string {
  const { directory } = ctx;
  const card = laid.cards.find(({ cardId }) => cardId === entry.cardId);
  return csvLine([
    ...[laid.member.memberId, nameOf(laid.member), card?.cardNumber ?? ''],
    directory.cardType(card?.cardTypeId ?? '')?.name ?? '',
    ...[new Date(entry.wallMs).toISOString(), entry.businessDay, entry.kind, String(entry.delta)],
    amountText(ctx, entry.amountMinor),
    ...[entry.receiptNo, entry.rewardId, entry.reason, directory.staff(entry.actorId)?.name ?? ''],
    ...[entry.tillId, entry.opId, entry.correctsOpId ?? ''],
    ...[directory.store(entry.storeId)?.name ?? entry.storeId, ''],
  ]);
}

/** A receipt that was typed in by hand (F19): a line without card and units, and one more where it was taken back. */
function linesOf(ctx: Ctx, { member }: Laid, receipt: HandReceiptView): string {
  const { day, receiptNo, receiptId, amountMinor, storeName, takenBack } = receipt;
  const who = [member.memberId, nameOf(member), '', ''];
  const added = csvLine([
    ...[...who, new Date(receipt.wallMs).toISOString(), day, 'receipt.added', '0'],
    ...[amountText(ctx, amountMinor), receiptNo, '', receipt.note, receipt.actorName, '', receiptId, ''],
    ...[storeName, receipt.isChecked ? 'yes' : 'no'],
  ]);
  if (takenBack === null) return added;
  return (
    added +
    csvLine([
      ...[...who, new Date(takenBack.wallMs).toISOString(), day, 'receipt.takenBack', '0'],
      ...[amountText(ctx, -amountMinor), receiptNo, '', takenBack.reason, takenBack.actorName],
      ...['', '', receiptId, storeName, ''],
    ])
  );
}

const receiptLines = (ctx: Ctx, laid: Laid): string =>
  toHandReceipts(ctx, laid)
    .map((receipt) => linesOf(ctx, laid, receipt))
    .join('');

/** The account whose turn it is to bring its holder's receipts: she may have several of a type. */
function bringerOf({ accounts }: Laid, cardTypeId: string): string | undefined {
  const confirmed = [...accounts.values()].flatMap(({ view }) =>
    view.cardTypeId === cardTypeId && view.accountNo !== null ? [view] : [],
  );
  return confirmed.sort((left, right) => (left.accountNo ?? 0) - (right.accountNo ?? 0))[0]?.accountId;
}

const confirmedOf = (ctx: Ctx, { people }: Laid): EntryRow[] =>
  people.flatMap(({ memberId }) => ctx.replica().entriesOf(memberId, Number.MAX_SAFE_INTEGER));
const openRowsOf = ({ openEntries }: Laid): EntryRow[] => [...openEntries.values()].map(({ row }) => row);

function memberPiece(ctx: Ctx, laid: Laid): string {
  const entries = [...openRowsOf(laid), ...confirmedOf(ctx, laid)];
  return entries
    .sort((left, right) => right.wallMs - left.wallMs)
    .map((entry) => lineOf(ctx, laid, entry))
    .concat(receiptLines(ctx, laid))
    .join('');
}

type IsAsked = (laid: Laid) => boolean;

/** Own entries that the copy does not hold: the last piece. */
function ownPiece(ctx: Ctx, cardTypeId: string, isAsked: IsAsked): string {
  const seen = new Map<string, Laid>();
  for (const memberIds of listOpenMembers(ctx.till, ctx.replica().meta().settled)) {
    for (const memberId of memberIds) {
      const laid = ctx.overlay.lay(memberId);
      if (laid !== undefined && isSegmented(laid.member) && isAsked(laid))
        seen.set(laid.member.memberId, laid);
    }
  }
  return [...seen.values()]
    .flatMap((laid) => {
      const isOfType = (accountId: AccountRow['accountId']): boolean =>
        laid.accounts.get(accountId)?.view.cardTypeId === cardTypeId;
      const isNewHere = [...laid.accounts.keys()].some(isOfType) && bringerOf(laid, cardTypeId) === undefined;
      return [
        ...openRowsOf(laid)
          .filter(({ accountId }) => isOfType(accountId))
          .map((entry) => lineOf(ctx, laid, entry)),
        isNewHere ? receiptLines(ctx, laid) : '',
      ];
    })
    .join('');
}

/** What the copy holds of one account. */
function accountLines(ctx: Ctx, { accountId, memberId, cardTypeId }: AccountRow, isAsked: IsAsked): string[] {
  const laid = ctx.overlay.lay(memberId);
  if (laid === undefined || !isSegmented(laid.member) || !isAsked(laid)) return [];
  return ctx
    .replica()
    .entriesOf(memberId, Number.MAX_SAFE_INTEGER)
    .filter((entry) => entry.accountId === accountId)
    .map((entry) => lineOf(ctx, laid, entry))
    .concat(bringerOf(laid, cardTypeId) === accountId ? [receiptLines(ctx, laid)] : []);
}

/** Of some accounts, as many as the time allows; `next` null when all were walked. */
function typePiece(
  ctx: Ctx,
  cardTypeId: string,
  { after, isAsked }: { after: number; isAsked: IsAsked },
): Piece {
  const untilMs = performance.now() + PIECE_MS;
  const lines: string[] = [];
  let last = after;
  do {
    const accounts = ctx.replica().accountsAfter(last, ACCOUNTS_PER_READ);
    for (const account of accounts) {
      last = account.accountNo ?? last;
      if (account.cardTypeId === cardTypeId) lines.push(...accountLines(ctx, account, isAsked));
    }
    if (accounts.length < ACCOUNTS_PER_READ)
      return { text: lines.join('') + ownPiece(ctx, cardTypeId, isAsked), next: null };
  } while (performance.now() < untilMs && lines.length < LINES_PER_PIECE);
  return { text: lines.join(''), next: last };
}

const pieceOf = (
  ctx: Ctx,
  scope: HistoryScope,
  { after, isAsked }: { after: number; isAsked: IsAsked },
): Piece => {
  if (scope.kind === 'cardType') return typePiece(ctx, scope.cardTypeId, { after, isAsked });
  const laid = getLaid(ctx, scope.memberId);
  return { text: isAsked(laid) ? memberPiece(ctx, laid) : '', next: null };
};

/**
 * Whoever was removed or anonymised is in no export of many; whoever did not agree to marketing in none that is said to
 * be for that.
 */
export const exportHistory: Handler<'history.export'> = (ctx, { scope, after, hasBom, purpose, reason }) => {
  assertMay(ctx, scope);
  const isFirst = after === null;
  const asked: ExportOf =
    scope.kind === 'member'
      ? { what: 'history', of: scope.memberId, purpose, reason }
      : { what: 'card_history', of: scope.cardTypeId, purpose, reason };
  const { text, next } = sendPiece(ctx, asked, {
    isFirst,
    make: (saidFor) => {
      const isAsked: IsAsked = ({ people }) => saidFor !== 'marketing' || agreesToMarketing(people);
      return pieceOf(ctx, scope, { after: after ?? 0, isAsked });
    },
  });
  return { text: isFirst ? (hasBom ? CSV_START : '') + csvLine(HEADERS) + text : text, next };
};
