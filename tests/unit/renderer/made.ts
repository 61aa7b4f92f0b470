import { newId } from '../../../sync/base/ids.ts';
import { CardType } from '../../../sync/model/chain.ts';
import { EMPTY_FIELDS } from '../../../sync/model/member.ts';
import type { CardView, EntryView, MemberHit, MemberView } from '../../../electron/contract/views.ts';

export const makeCard = (changes: Partial<CardView> = {}): CardView => ({
  cardId: newId(),
  cardNumber: '6035553882471315',
  accountId: newId(),
  cardTypeId: 'coffee' as CardView['cardTypeId'],
  cardType: 'Coffee card',
  cardTypeZh: '咖啡卡',
  kind: 'stamp',
  colour: 'ochre',
  status: 'active',
  isPending: false,
  expiresOn: null,
  balance: { confirmed: 6, pending: 0, unit: 'stamps', asOfMs: 0 },
  goal: 10,
  discountPercent: 0,
  packs: [],
  earnPoints: 0,
  earnPerMinor: 100,
  worth: null,
  earning: { tierId: '', earnedToday: 0 },
  isUnlimited: false,
  rewards: [],
  custom: {},
  isInstalled: false,
  actions: ['stamp', 'redeem', 'replace', 'report-lost'],
  ...changes,
});

export const makePoints = (changes: Partial<CardView> = {}): CardView =>
  makeCard({
    cardTypeId: 'points' as CardView['cardTypeId'],
    cardNumber: '6035559746337451',
    cardType: 'Points',
    kind: 'points',
    balance: { confirmed: 1240, pending: 0, unit: 'points', asOfMs: 0 },
    goal: 0,
    earnPoints: 1,
    actions: ['credit', 'debit', 'redeem', 'replace', 'report-lost'],
    ...changes,
  });

/** A points type, with the fields that count. */
export const makeCardType = (changes: Partial<CardType> = {}): CardType =>
  CardType.parse({ cardTypeId: 'points', kind: 'points', version: 1, name: 'Points', ...changes });

export const makeMember = (changes: Partial<MemberView> = {}): MemberView => ({
  memberId: newId(),
  supportId: 'YCQR-2B9S',
  name: 'Tan Wei Ling',
  fields: {
    ...EMPTY_FIELDS,
    lastName: 'Tan',
    firstName: 'Wei Ling',
    mobile: '+6591110001',
    lookupId: 'K0001',
  },
  masked: {},
  mobileText: '+65 9111 0001',
  state: 'active',
  stateReason: '',
  stateActorName: '',
  createdAtMs: 0,
  lastVisitAtMs: null,
  hasMarketingConsent: true,
  extras: { tags: [], groups: [], custom: {}, verified: { mobile: false, email: false }, isRemoved: false },
  handReceipts: [],
  unlistedReceipts: 0,
  tier: {
    ...{ tierId: '', name: '', nameZh: '', benefits: '', benefitsZh: '', until: null },
    ...{ isOver: false, isReachedHere: false },
    ...{ reached: null, next: null },
  },
  pdpaPolicy: 'pdpa-1',
  homeStore: 'Tiong Bahru',
  cards: [makeCard(), makePoints()],
  history: [],
  isPending: false,
  pendingOps: 0,
  ...changes,
});

export const makeHit = (changes: Partial<MemberHit> = {}): MemberHit => ({
  memberId: newId(),
  name: 'Tan Wei Ling',
  state: 'active',
  maskedMobile: '+65 9••• •001',
  supportId: '7KQ4-M2ZD',
  lookupId: 'K0001',
  tier: '',
  cards: [],
  isPending: false,
  ...changes,
});

export const makeEntry = (changes: Partial<EntryView> = {}): EntryView => ({
  opId: newId(),
  kind: 'stamp.added',
  cardId: newId(),
  cardType: 'Coffee card',
  cardTypeZh: '咖啡卡',
  unit: 'stamps',
  delta: 1,
  amountMinor: null,
  receiptNo: '',
  rewardName: '',
  rewardNameZh: '',
  reason: '',
  correctsOpId: null,
  isCorrected: false,
  wallMs: 0,
  businessDay: '2026-11-22',
  actorName: 'Mei',
  tillId: 'till-1',
  isOwnTill: true,
  sync: 'saved',
  canUndo: true,
  canEdit: false,
  ...changes,
});
