import type { StaffId, StoreId } from '../../sync/base/ids.ts';
import { ChainDocument, Tier, type Staff, type StaffRole } from '../../sync/model/chain.ts';
import { DEFAULT_SPEND_POLICY, type SpendPolicy } from '../../sync/model/spend-policy.ts';
import { CARD_TYPES, CHAIN } from '../parts/shop.ts';
import type { Random } from './random.ts';

export const STORES = ['store-1', 'store-2'] as StoreId[];

export interface Worker {
  staffId: StaffId;
  role: StaffRole;
}

/** Everybody who acts, one for each role, and one who left: the centre holds what she does. */
export const PEOPLE: readonly (Worker & { isGone: boolean })[] = [
  { staffId: 'staff-cashier' as StaffId, role: 'cashier', isGone: false },
  { staffId: 'staff-supervisor' as StaffId, role: 'supervisor', isGone: false },
  { staffId: 'staff-manager' as StaffId, role: 'manager', isGone: false },
];

const toStaff = ({ staffId, role, isGone }: (typeof PEOPLE)[number]): Staff => ({
  staffId,
  version: 1,
  login: staffId,
  name: staffId,
  role,
  pinHash: '',
  isGone,
});

/** Limits that are met within minutes, often those of a chain that gives none. */
export const drawPolicy = (random: Random): SpendPolicy => ({
  ...DEFAULT_SPEND_POLICY,
  perSpend: random.pick([0, 10, 50]),
  perAccount: random.pick([0, 15, 50]),
  perTill: random.pick([10, 30, 500]),
  spendsPerTill: random.pick([1, 3, 100]),
  creditPerAccount: random.pick([0, 0, 1_500]),
  ...{ halfAfterHours: 24, noneAfterHours: 72, newMemberHours: 0 },
  grantPercent: random.pick([0, 50, 100]),
  ...{ grantMax: 50, creditGrantMax: 2_000 },
});

/** Levels that a few purchases reach. */
const TIERS = [
  { tierId: 'silver', rank: 1, thresholdMinor: 1_500, renewalMinor: 3_000 },
  { tierId: 'gold', rank: 2, thresholdMinor: 7_000, renewalMinor: 0 },
].map((tier) => Tier.parse({ ...tier, version: 1, name: tier.tierId, withinMonths: 1, validMonths: 1 }));

/** The chain's documents, numbered from 1: two stores, a person of each role, a card type of each kind. */
export function simDocuments(spendPolicy: SpendPolicy, hasTiers: boolean): ChainDocument[] {
  const bodies = [
    { kind: 'chain', id: 'chain', body: { ...CHAIN, spendPolicy } },
    ...STORES.map((storeId) => ({
      kind: 'store',
      id: storeId,
      body: { storeId, version: 1, name: storeId, timeZone: 'Asia/Singapore', cutOffHour: 4 },
    })),
    ...PEOPLE.map((person) => ({ kind: 'staff', id: person.staffId, body: toStaff(person) })),
    ...CARD_TYPES.map((body) => ({ kind: 'card-type', id: body.cardTypeId, body })),
    ...(hasTiers ? TIERS.map((body) => ({ kind: 'tier', id: body.tierId, body })) : []),
  ];
  return bodies.map((document, at) => ChainDocument.parse({ ...document, seq: at + 1 }));
}

export { CARD_TYPES, CHAIN } from '../parts/shop.ts';
