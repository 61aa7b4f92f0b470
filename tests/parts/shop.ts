import { must } from '../../sync/base/must.ts';
import { hashPin } from '../../sync/base/pin.ts';
import type { StaffId, StoreId, TillId } from '../../sync/base/ids.ts';
import { CardType, type Chain, type ChainDocument, type StaffRole } from '../../sync/model/chain.ts';
import { nodeScrypt } from '../../electron/core/crypto.ts';

/** A small chain for tests: one store, three people, one card type of each kind. */
export const CHAIN: Chain = {
  version: 1,
  name: 'Test Kopi',
  currency: 'SGD',
  currencyDecimals: 2,
  country: 'SG',
  consentMode: 'pdpa',
  policyVersion: '2026-01',
  cardPrefix: '603555',
};
export const STORE_ID = 'store-1' as StoreId;
export const TILL_ID = 'till-1' as TillId;
export const PINS = { cashier: '480617', supervisor: '615204', manager: '739205' } as const;

export const CARD_TYPES: CardType[] = [
  {
    cardTypeId: 'coffee',
    kind: 'stamp',
    name: 'Coffee card',
    goal: 10,
    rewards: [{ rewardId: 'free-coffee', name: 'Free coffee', cost: 10 }],
  },
  {
    cardTypeId: 'points',
    kind: 'points',
    name: 'Points',
    earnPoints: 1,
    earnPerMinor: 100,
    minSpendMinor: 200,
    rewards: [{ rewardId: 'cake', name: 'Cake', cost: 50 }],
  },
  { cardTypeId: 'passes', kind: 'visits', name: 'Ten visits', packs: [10] },
  { cardTypeId: 'prepaid', kind: 'credit', name: 'Prepaid' },
  { cardTypeId: 'gold', kind: 'discount', name: 'Gold', discountPercent: 10 },
  {
    cardTypeId: 'welcome',
    kind: 'coupon',
    name: 'Welcome drink',
    openingUnits: 1,
    validMonths: 1,
    rewards: [{ rewardId: 'drink', name: 'Drink', cost: 1 }],
  },
].map((type) => CardType.parse({ version: 1, ...type }));

const PEOPLE: readonly (readonly [string, StaffRole, string])[] = [
  ['cashier', 'cashier', PINS.cashier],
  ['supervisor', 'supervisor', PINS.supervisor],
  ['manager', 'manager', PINS.manager],
];

const salt = 'c2FsdHNhbHRzYWx0c2FsdA==';

/** Hashing three PINs takes longer than most tests that want them: once per worker. */
let hashing: Promise<string[]> | undefined;
const pinHashes = (): Promise<string[]> =>
  (hashing ??= Promise.all(PEOPLE.map(([, , pin]) => hashPin(pin, salt, nodeScrypt))));

/** The chain's documents as a centre would send them, numbered from 1. */
export async function shopDocuments(): Promise<ChainDocument[]> {
  const hashes = await pinHashes();
  const staff = PEOPLE.map(([login, role], at) => ({
    staffId: `staff-${login}` as StaffId,
    version: 1,
    login,
    name: login,
    role,
    pinHash: must(hashes[at], 'one for each'),
    isGone: false,
  }));
  const bodies: (Omit<ChainDocument, 'seq'> & object)[] = [
    { kind: 'chain', id: 'chain', body: CHAIN },
    {
      kind: 'store',
      id: STORE_ID,
      body: { storeId: STORE_ID, version: 1, name: 'Store 1', timeZone: 'Asia/Singapore', cutOffHour: 4 },
    },
    ...staff.map((body) => ({ kind: 'staff', id: body.staffId, body })),
    ...CARD_TYPES.map((body) => ({ kind: 'card-type', id: body.cardTypeId, body })),
  ] as (Omit<ChainDocument, 'seq'> & object)[];
  return bodies.map((document, at) => ({ ...document, seq: at + 1 }) as ChainDocument);
}
