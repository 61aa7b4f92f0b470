import { csvLine } from '../../../sync/base/csv.ts';
import { isAtLeast } from '../../../sync/merge/roles.ts';
import type { AccountRow, EntryRow } from '../../../sync/model/card.ts';
import { isSegmented } from '../../../sync/segments/facts.ts';
import { AppError } from '../../contract/errors.ts';
import type { HistoryScope } from '../../contract/records.ts';
import { actor, getLaid } from '../commands/shared.ts';
import type { Ctx, Handler } from '../ctx.ts';
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

/** Receipts that were typed in by hand (F19), each a line without card and units. */
const receiptLines = (ctx: Ctx, laid: Laid): string =>
  toHandReceipts(ctx, laid)
    .map((receipt) =>
      csvLine([
        ...[laid.member.memberId, nameOf(laid.member), '', '', new Date(receipt.wallMs).toISOString()],
        ...[receipt.day, 'receipt.added', '0', amountText(ctx, receipt.amountMinor), receipt.receiptNo, ''],
        ...[receipt.note, receipt.actorName, '', receipt.receiptId, '', receipt.storeName],
        receipt.isChecked ? 'yes' : 'no',
      ]),
    )
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
const openOf = ({ openEntries }: Laid): EntryRow[] => [...openEntries.values()].map(({ row }) => row);

function memberPiece(ctx: Ctx, laid: Laid): string {
  const entries = [...openOf(laid), ...confirmedOf(ctx, laid)];
  return entries
    .sort((left, right) => right.wallMs - left.wallMs)
    .map((entry) => lineOf(ctx, laid, entry))
    .concat(receiptLines(ctx, laid))
    .join('');
}

/** Own entries that the copy does not hold: the last piece. */
function ownPiece(ctx: Ctx, cardTypeId: string): string {
  const seen = new Map<string, Laid>();
  for (const memberIds of listOpenMembers(ctx.till, ctx.replica().meta().settled)) {
    for (const memberId of memberIds) {
      const laid = ctx.overlay.lay(memberId);
      if (laid !== undefined && isSegmented(laid.member)) seen.set(laid.member.memberId, laid);
    }
  }
  return [...seen.values()]
    .flatMap((laid) => {
      const isOfType = (accountId: AccountRow['accountId']): boolean =>
        laid.accounts.get(accountId)?.view.cardTypeId === cardTypeId;
      const isNewHere = [...laid.accounts.keys()].some(isOfType) && bringerOf(laid, cardTypeId) === undefined;
      return [
        ...openOf(laid)
          .filter(({ accountId }) => isOfType(accountId))
          .map((entry) => lineOf(ctx, laid, entry)),
        isNewHere ? receiptLines(ctx, laid) : '',
      ];
    })
    .join('');
}

/** What the copy holds of one account. */
function accountLines(ctx: Ctx, { accountId, memberId, cardTypeId }: AccountRow): string[] {
  const laid = ctx.overlay.lay(memberId);
  if (laid === undefined || !isSegmented(laid.member)) return [];
  return ctx
    .replica()
    .entriesOf(memberId, Number.MAX_SAFE_INTEGER)
    .filter((entry) => entry.accountId === accountId)
    .map((entry) => lineOf(ctx, laid, entry))
    .concat(bringerOf(laid, cardTypeId) === accountId ? [receiptLines(ctx, laid)] : []);
}

/** Of some accounts, as many as the time allows; `next` null when all were walked. */
function typePiece(ctx: Ctx, cardTypeId: string, after: number): { text: string; next: number | null } {
  const untilMs = performance.now() + PIECE_MS;
  const lines: string[] = [];
  let last = after;
  do {
    const accounts = ctx.replica().accountsAfter(last, ACCOUNTS_PER_READ);
    for (const account of accounts) {
      last = account.accountNo ?? last;
      if (account.cardTypeId === cardTypeId) lines.push(...accountLines(ctx, account));
    }
    if (accounts.length < ACCOUNTS_PER_READ)
      return { text: lines.join('') + ownPiece(ctx, cardTypeId), next: null };
  } while (performance.now() < untilMs && lines.length < LINES_PER_PIECE);
  return { text: lines.join(''), next: last };
}

/** Whoever was removed or anonymised is in no export of many. */
export const exportHistory: Handler<'history.export'> = (ctx, { scope, after }) => {
  assertMay(ctx, scope);
  const head = after === null ? csvLine(HEADERS) : '';
  if (after === null) {
    const { staffId: actorId } = actor(ctx).person;
    const of = scope.kind === 'member' ? scope.memberId : scope.cardTypeId;
    ctx.log.info({ audit: 'history.exported', actorId, scope: scope.kind, of }, 'a history is exported');
  }
  if (scope.kind === 'member')
    return { text: head + memberPiece(ctx, getLaid(ctx, scope.memberId)), next: null };
  const { text, next } = typePiece(ctx, scope.cardTypeId, after ?? 0);
  return { text: head + text, next };
};
