import type { CardTypeId, StaffId, StoreId } from '../../sync/base/ids.ts';
import { hashPin, type Scrypt } from '../../sync/base/pin.ts';
import type { CardType, Chain, Staff, StaffRole, Store } from '../../sync/model/chain.ts';
import type { NewDocument } from '../repos/documents.ts';
import { starterCardType } from '../setup.ts';

export const DEMO_TIME_ZONE = 'Asia/Singapore';
/** Singapore keeps one offset all year. */
export const DEMO_OFFSET_MS = 8 * 3_600_000;
export const DEMO_CUT_OFF_HOUR = 4;

/** PINs of the demo, public on purpose: nobody may run it as a shop. */
export const DEMO_PINS: Readonly<Record<StaffRole, string>> = {
  manager: '739205',
  supervisor: '620483',
  cashier: '480617',
};

export const DEMO_CHAIN: Chain = {
  version: 1,
  name: 'Kopi & Co',
  currency: 'SGD',
  currencyDecimals: 2,
  country: 'SG',
  consentMode: 'pdpa',
  policyVersion: 'pdpa-1',
  cardPrefix: '603555',
  linkBase: 'https://kopi.example/club',
};

export const DEMO_STORES: readonly Store[] = (
  [
    ['store-1', 'Tiong Bahru'],
    ['store-2', 'Katong'],
    ['store-3', 'Holland Village'],
    ['store-4', 'Changi Village'],
    ['store-5', 'Joo Chiat Kiosk'],
  ] as const
).map(([id, name]) => ({
  storeId: id as string as StoreId,
  version: 1,
  name,
  timeZone: DEMO_TIME_ZONE,
  cutOffHour: DEMO_CUT_OFF_HOUR,
}));

const typeOf = (kind: CardType['kind'], id: string, changes: Partial<CardType>): CardType => ({
  ...starterCardType(kind, 100),
  cardTypeId: id as CardTypeId,
  ...changes,
});

export const DEMO_CARD_TYPES: readonly CardType[] = [
  typeOf('stamp', 'coffee', {
    name: 'Coffee card',
    nameZh: '咖啡卡',
    goal: 10,
    rewards: [
      { rewardId: 'free-toast', name: 'Kaya toast', nameZh: '咖椰吐司', cost: 5 },
      { rewardId: 'free-coffee', name: 'Free coffee', nameZh: '免费咖啡', cost: 10 },
    ],
  }),
  typeOf('points', 'points', {
    name: 'Points',
    nameZh: '积分',
    rewards: [
      { rewardId: 'cake', name: 'Slice of cake', nameZh: '蛋糕一块', cost: 120 },
      { rewardId: 'tumbler', name: 'Tumbler', nameZh: '随行杯', cost: 900 },
    ],
  }),
  typeOf('visits', 'pass', { name: 'Ten-visit pass', nameZh: '十次卡', packs: [10, 20], validMonths: 12 }),
  typeOf('credit', 'prepaid', { name: 'Prepaid', nameZh: '储值卡' }),
  typeOf('discount', 'gold', {
    name: 'Gold 10 %',
    nameZh: '金卡九折',
    colour: 'plum',
    discountPercent: 10,
    validMonths: 24,
  }),
  typeOf('coupon', 'welcome', {
    name: 'Welcome drink',
    nameZh: '迎新饮料',
    rewards: [{ rewardId: 'welcome-drink', name: 'Welcome drink', nameZh: '迎新饮料', cost: 1 }],
    validMonths: 3,
  }),
];

interface DemoPerson {
  id: string;
  login: string;
  name: string;
  role: StaffRole;
  /** Where the demo's history has them work; null: wherever they are needed. */
  storeId: string | null;
}

const person = (at: number, text: string): DemoPerson => {
  const [login = '', name = '', role = 'cashier', storeId = null] = text.split('|');
  return { id: `staff-${at + 1}`, login, name, role: role as StaffRole, storeId };
};

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  'manager|Mdm Seah|manager',
  'supervisor|Hafiz|supervisor',
  'cashier|Demo cashier|cashier',
  'mei|Mei|cashier|store-1',
  'arun|Arun|cashier|store-1',
  'siti|Siti|supervisor|store-1',
  'jun|Jun Jie|cashier|store-2',
  'lan|Lan|cashier|store-2',
  'priya|Priya|supervisor|store-2',
  'kai|Kai Wen|cashier|store-3',
  'rosa|Rosario|cashier|store-3',
  'daniel|Daniel|cashier|store-4',
  'farah|Farah|cashier|store-4',
  'ming|小明|cashier|store-5',
].map((text, at) => person(at, text));

/** Stores, staff and card types; the chain itself is written when everything else is there. */
export async function demoDocuments(scrypt: Scrypt): Promise<NewDocument[]> {
  const salt = Buffer.from('counterfoil demo').toString('base64');
  const hashes = new Map<StaffRole, string>();
  for (const role of ['cashier', 'supervisor', 'manager'] as const) {
    hashes.set(role, await hashPin(DEMO_PINS[role], salt, scrypt));
  }
  const staff = DEMO_PEOPLE.map(({ id, login, name, role }): Staff => ({
    staffId: id as StaffId,
    version: 1,
    login,
    name,
    role,
    pinHash: hashes.get(role) ?? '',
    isGone: false,
  }));
  return [
    ...DEMO_STORES.map((body): NewDocument => ({ kind: 'store', id: body.storeId, body })),
    ...staff.map((body): NewDocument => ({ kind: 'staff', id: body.staffId, body })),
    ...DEMO_CARD_TYPES.map((body): NewDocument => ({ kind: 'card-type', id: body.cardTypeId, body })),
  ];
}
