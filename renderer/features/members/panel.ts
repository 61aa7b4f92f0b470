import type { Output } from '../../../electron/contract/index.ts';
import type { TillView } from '../../../electron/contract/till.ts';
import type { CardView, EntryView, HandReceiptView, MemberView } from '../../../electron/contract/views.ts';
import { earnFor } from '../../../sync/programmes/earn.ts';
import { newOpId } from '../../lib/new-op-id.ts';
import { parseCount, parseMoney } from '../../lib/parse.ts';
import { changeOf, isWrong, NO_CARD_DATA, type CardDataDraft } from '../../parts/card-data-draft.ts';
import type { CardDeed } from './card-keys.ts';
import type { Intent, IntentCall } from './intent.ts';

/** Same as the core's limit for one press. */
const STAMPS_MAX = 50;
const UNITS_MAX = 1_000_000_000;

export type StateAction = 'lock' | 'unlock' | 'block' | 'unblock';
export type LeaveAction = 'remove' | 'take-back' | 'anonymise';
export type PanelKind =
  | Exclude<CardDeed, 'stamp-1' | 'stamp-2' | 'visit-1'>
  | 'issue'
  | 'counter'
  | 'edit-amount'
  | 'receipt-back'
  | 'card-data'
  | StateAction
  | LeaveAction;

/** A form in its place under the cards. The op id is made when it opens and stays until it succeeded. */
export interface Panel {
  readonly kind: PanelKind;
  readonly opId: Intent['opId'];
  readonly cardId: CardView['cardId'] | null;
  /** Counts, points and money as typed. */
  readonly amount: string;
  /** Points as money, as typed or as they come to; '' where their card type says no worth. */
  readonly money: string;
  readonly receiptNo: string;
  readonly reason: string;
  /** '' takes the next number of this till. */
  readonly cardNumber: string;
  readonly rewardId: string;
  readonly cardTypeId: string;
  readonly entry: EntryView | null;
  readonly receipt: HandReceiptView | null;
  /** 'yes': what was booked under the receipt stays. */
  readonly keepsPoints: string;
  /** Who stands by it beside the person at work, and her PIN. */
  readonly secondLogin: string;
  readonly secondPin: string;
  /** The core refused it of one person alone: a second may be named. */
  readonly maySecond: boolean;
  /** What was typed over of the card's data. */
  readonly data: CardDataDraft;
  /** Somebody has typed into it, or a card was scanned into it. */
  readonly isTyped: boolean;
}
export type PanelText =
  | 'keepsPoints'
  | 'amount'
  | 'money'
  | 'receiptNo'
  | 'reason'
  | 'cardNumber'
  | 'rewardId'
  | 'cardTypeId'
  | 'secondLogin'
  | 'secondPin';

/** What a form is about, where that is no card. */
export interface PanelSubject {
  readonly entry?: EntryView;
  readonly receipt?: HandReceiptView;
}

export const openPanel = (
  kind: PanelKind,
  card: CardView | undefined,
  subject: PanelSubject = {},
): Panel => ({
  kind,
  opId: newOpId(),
  cardId: card?.cardId ?? null,
  amount: kind === 'add-visits' ? String(card?.packs[0] ?? '') : '',
  money: '',
  receiptNo: '',
  reason: '',
  cardNumber: '',
  rewardId: kind === 'redeem' ? (card?.rewards.find(({ isAffordable }) => isAffordable)?.rewardId ?? '') : '',
  cardTypeId: '',
  entry: subject.entry ?? null,
  receipt: subject.receipt ?? null,
  keepsPoints: '',
  secondLogin: '',
  secondPin: '',
  maySecond: false,
  data: NO_CARD_DATA,
  isTyped: false,
});

export type PanelField =
  | 'amount'
  | 'reason'
  | 'cardNumber'
  | 'reward'
  | 'cardType'
  | 'data'
  | 'booked'
  | 'left'
  | 'second';

/** An entry that is countered with the receipt, and the id of the op that does it. */
export interface Counter {
  readonly entryOpId: EntryView['opId'];
  readonly opId: Intent['opId'];
}
export type LeftShown = NonNullable<Output<'members.previewRemoval'>['left']>;
/** The call that the form amounts to, or the field that is not fit for one yet. */
export type PanelCall = { readonly call: IntentCall } | { readonly problem: PanelField };

export interface PanelScene {
  readonly member: MemberView;
  readonly card: CardView | undefined;
  readonly chain: TillView['chain'];
  readonly cardAttributes: TillView['cardAttributes'];
  /** Of a receipt that is to be taken back; null while they are not known. */
  readonly counters?: readonly Counter[] | null;
  /** What her form says of balances when she is anonymised; null while that is not known. */
  readonly left?: LeftShown | null;
}

const isCardNumber = (text: string): boolean => /^\d{16}$/.test(text);
const plainNumber = (text: string): string => text.replace(/[\s-]/g, '');

type TypeNow = TillView['cardTypes'][number];

/** What a purchase brings by the card type's rules of today; null where the amount is none yet. */
export function earnedFor(card: CardView, type: TypeNow | undefined, amountMinor: number | null) {
  return amountMinor === null || type === undefined ? null : earnFor(type, { amountMinor, ...card.earning });
}

/** Reads the form. Pure; limits that only the core knows are the core's to refuse. */
export function readPanel(panel: Panel, scene: PanelScene): PanelCall {
  const { kind } = panel;
  if (kind === 'issue') return readIssue(panel, scene);
  if (kind === 'lock' || kind === 'unlock' || kind === 'block' || kind === 'unblock') {
    const reason = panel.reason.trim();
    if (reason === '') return { problem: 'reason' };
    return {
      call: { method: 'members.setState', input: { memberId: scene.member.memberId, action: kind, reason } },
    };
  }
  if (kind === 'counter') {
    if (panel.entry === null || panel.reason.trim() === '') return { problem: 'reason' };
    return {
      call: { method: 'entries.undo', input: { undoesOpId: panel.entry.opId, reason: panel.reason } },
    };
  }
  if (kind === 'remove' || kind === 'take-back' || kind === 'anonymise') return readLeave(panel, kind, scene);
  if (kind === 'edit-amount') return readEdit(panel, scene);
  if (kind === 'receipt-back') return readReceiptBack(panel, scene);
  const decimals = scene.chain?.currencyDecimals ?? 2;
  if (scene.card === undefined) return { problem: 'cardType' };
  if (kind === 'card-data') return readData(panel, scene.card, scene.cardAttributes);
  return readOnCard({ ...panel, kind }, scene.card, decimals);
}

function readData({ data }: Panel, card: CardView, attributes: PanelScene['cardAttributes']): PanelCall {
  const change = changeOf(data, card);
  if (change === null || isWrong(attributes, change)) return { problem: 'data' };
  return { call: { method: 'cards.setData', input: { cardId: card.cardId, ...change } } };
}

function readIssue(panel: Panel, { member }: PanelScene): PanelCall {
  const cardNumber = plainNumber(panel.cardNumber);
  if (panel.cardTypeId === '') return { problem: 'cardType' };
  if (cardNumber !== '' && !isCardNumber(cardNumber)) return { problem: 'cardNumber' };
  // Cast: the tiles offer the till's own card types only.
  const cardTypeId = panel.cardTypeId as CardView['cardTypeId'];
  return {
    call: {
      method: 'cards.issue',
      input: { memberId: member.memberId, cardTypeId, cardNumber: cardNumber === '' ? null : cardNumber },
    },
  };
}

const LEAVING = { remove: 'members.remove', 'take-back': 'members.restoreRemoved' } as const;

type Anonymising = Extract<IntentCall, { method: 'members.anonymise' }>['input'];
type Second = Anonymising['second'];

/** As it is typed; 'part' where it is nobody yet. */
function secondIn({ secondLogin, secondPin }: Panel): Second | 'none' | 'part' {
  const login = secondLogin.trim();
  if (login === '' && secondPin === '') return 'none';
  return login === '' || secondPin === '' ? 'part' : { login, pin: secondPin };
}

function readLeave(panel: Panel, kind: LeaveAction, { member, left }: PanelScene): PanelCall {
  const reason = panel.reason.trim();
  if (reason === '') return { problem: 'reason' };
  const { memberId } = member;
  if (kind !== 'anonymise') return { call: { method: LEAVING[kind], input: { memberId, reason } } };
  const second = secondIn(panel);
  if (second === 'none' || second === 'part') return { problem: 'second' };
  if (left === null) return { problem: 'left' };
  const input = { memberId, reason, second, ...(left !== undefined && { left: [...left] }) };
  return { call: { method: 'members.anonymise', input } };
}

/** Beyond a manager's limit of a day another one may stand by it; within it nobody needs to. */
function readByHand(panel: Panel, cardId: CardView['cardId'], points: number | null): PanelCall {
  const { reason, maySecond } = panel;
  if (points === null) return { problem: 'amount' };
  if (reason.trim() === '') return { problem: 'reason' };
  const second = maySecond ? secondIn(panel) : 'none';
  if (second === 'part') return { problem: 'second' };
  const input = { cardId, amountMinor: null, receiptNo: '', points, reason };
  const backed = second === 'none' ? input : { ...input, second };
  return { call: { method: 'points.credit', input: backed } };
}

/** The amount that the form has, in minor units; null while it is none. */
export function minorOf({ amount }: Pick<Panel, 'amount'>, chain: TillView['chain']): number | null {
  const minor = parseMoney(amount, chain?.currencyDecimals ?? 2);
  return minor !== null && minor >= 1 && minor <= UNITS_MAX ? minor : null;
}

function readEdit(panel: Panel, { member, chain }: PanelScene): PanelCall {
  const amountMinor = minorOf(panel, chain);
  const reason = panel.reason.trim();
  if (panel.entry === null || amountMinor === null) return { problem: 'amount' };
  if (reason === '') return { problem: 'reason' };
  const { memberId } = member;
  const input = { memberId, entryOpId: panel.entry.opId, amountMinor, reason };
  return { call: { method: 'purchases.edit', input } };
}

function readReceiptBack(panel: Panel, { member, counters = null }: PanelScene): PanelCall {
  const reason = panel.reason.trim();
  if (panel.receipt === null || counters === null) return { problem: 'booked' };
  if (reason === '') return { problem: 'reason' };
  const { receiptId } = panel.receipt;
  const taken = panel.keepsPoints === '' ? [...counters] : [];
  const input = { memberId: member.memberId, receiptId, reason, counters: taken };
  return { call: { method: 'receipts.takeBack', input } };
}

type OnCardKind = Exclude<
  PanelKind,
  'issue' | 'counter' | 'edit-amount' | 'card-data' | 'receipt-back' | StateAction | LeaveAction
>;

function readOnCard(panel: Panel & { kind: OnCardKind }, card: CardView, decimals: number): PanelCall {
  const { cardId } = card;
  const { kind, receiptNo, reason } = panel;
  const money = parseMoney(panel.amount, decimals);
  const minor = money !== null && money >= 1 && money <= UNITS_MAX ? money : null;
  const count = parseCount(panel.amount, kind === 'stamp-n' ? STAMPS_MAX : UNITS_MAX);
  switch (kind) {
    case 'stamp-n':
      return count === null
        ? { problem: 'amount' }
        : { call: { method: 'stamps.add', input: { cardId, count } } };
    case 'stamp-buy':
      if (minor === null) return { problem: 'amount' };
      return { call: { method: 'stamps.add', input: { cardId, amountMinor: minor, receiptNo } } };
    case 'visit-n':
      return count === null
        ? { problem: 'amount' }
        : { call: { method: 'visits.deduct', input: { cardId, count } } };
    case 'add-visits':
      if (count === null) return { problem: 'amount' };
      return { call: { method: 'visits.add', input: { cardId, count, receiptNo } } };
    case 'credit':
      if (minor === null) return { problem: 'amount' };
      return {
        call: {
          method: 'points.credit',
          input: { cardId, amountMinor: minor, receiptNo, points: null, reason: '' },
        },
      };
    case 'by-hand':
      return readByHand(panel, cardId, count);
    case 'debit':
      if (count === null) return { problem: 'amount' };
      return { call: { method: 'points.debit', input: { cardId, points: count, reason } } };
    case 'top-up':
      if (minor === null) return { problem: 'amount' };
      return { call: { method: 'credit.topUp', input: { cardId, creditMinor: minor, receiptNo } } };
    case 'earn':
      if (minor === null) return { problem: 'amount' };
      return { call: { method: 'credit.earn', input: { cardId, amountMinor: minor, receiptNo } } };
    case 'spend':
      if (minor === null) return { problem: 'amount' };
      return { call: { method: 'credit.spend', input: { cardId, creditMinor: minor, receiptNo } } };
    case 'redeem':
      if (!card.rewards.some(({ rewardId, isAffordable }) => rewardId === panel.rewardId && isAffordable)) {
        return { problem: 'reward' };
      }
      return { call: { method: 'rewards.redeem', input: { cardId, rewardId: panel.rewardId } } };
    case 'replace':
    case 'report-lost':
      return readCare(panel, kind, cardId);
  }
}

function readCare(panel: Panel, kind: 'replace' | 'report-lost', cardId: CardView['cardId']): PanelCall {
  const { reason } = panel;
  if (kind === 'report-lost') return { call: { method: 'cards.reportLost', input: { cardId, reason } } };
  const cardNumber = plainNumber(panel.cardNumber);
  if (cardNumber !== '' && !isCardNumber(cardNumber)) return { problem: 'cardNumber' };
  return {
    call: {
      method: 'cards.replace',
      input: { cardId, reason, cardNumber: cardNumber === '' ? null : cardNumber },
    },
  };
}
