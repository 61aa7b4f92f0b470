import { z } from 'zod';
import type { CardTypeId, StaffId, StoreId } from '../sync/base/ids.ts';
import { isTimeZone } from '../sync/base/business-day.ts';
import { hashPin, isPinAllowed } from '../sync/base/pin.ts';
import { CardKind, CardRules, type CardType } from '../sync/model/chain.ts';
import type { Centre } from './centre.ts';
import { CentreRefusal } from './refusal.ts';
import { findChain, saveDocuments, type NewDocument } from './repos/documents.ts';
import { lockHead } from './repos/feed-head.ts';

const isKnownCurrency = (code: string): boolean => Intl.supportedValuesOf('currency').includes(code);
const Name = z
  .string()
  .trim()
  .min(1, 'Please fill this in.')
  .max(60, 'At most 60 signs.')
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'These signs are not text.');

/** What a new chain starts with; the same from the form in the browser and from a file (`--setup`). */
export const SetupForm = z.strictObject({
  chainName: Name,
  country: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, 'Two letters, such as SG.'),
  currency: z.string().trim().toUpperCase().refine(isKnownCurrency, 'Three letters, such as SGD.'),
  consentMode: z.enum(['pdpa', 'gdpr']).default('pdpa'),
  cardPrefix: z
    .string()
    .trim()
    .regex(/^\d{6}$/, 'Six digits.')
    .default('603555'),
  storeName: Name,
  timeZone: z.string().trim().refine(isTimeZone, 'A time zone such as Asia/Singapore.'),
  managerName: Name,
  managerLogin: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9._-]{1,40}$/, 'Letters, digits, dots, dashes.'),
  managerPin: z.string().refine(isPinAllowed, 'Six digits or more, no run and no repetition.'),
  cardKinds: z.array(CardKind).min(1, 'Choose at least one.'),
});
export type SetupForm = z.infer<typeof SetupForm>;

/** Decimals of a currency's minor unit, ISO 4217 as the platform knows it. */
const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

const BASE = { ...CardRules.parse({ version: 1, name: '-' }), earlier: [] };

/** One card type to start with for each kind; the chain changes them later. */
export function starterCardType(kind: CardKind, minorPerUnit: number): CardType {
  const starters: Record<CardKind, Pick<CardType, 'name' | 'nameZh' | 'colour'> & Partial<CardType>> = {
    stamp: {
      name: 'Stamp card',
      nameZh: '集点卡',
      colour: 'ochre',
      goal: 10,
      rewards: [{ rewardId: 'full-round', name: 'Full card', nameZh: '满卡奖励', cost: 10 }],
    },
    points: { name: 'Points', nameZh: '积分卡', colour: 'green', earnPoints: 1, earnPerMinor: minorPerUnit },
    visits: { name: 'Visit pass', nameZh: '次卡', colour: 'blue', packs: [10], validMonths: 12 },
    credit: { name: 'Prepaid', nameZh: '储值卡', colour: 'ink' },
    discount: { name: 'Member 10 %', nameZh: '会员九折', colour: 'plum', discountPercent: 10 },
    coupon: {
      name: 'Welcome coupon',
      nameZh: '迎新券',
      colour: 'red',
      openingUnits: 1,
      validMonths: 3,
      rewards: [{ rewardId: 'welcome', name: 'Welcome gift', nameZh: '迎新礼', cost: 1 }],
    },
  };
  return { ...BASE, ...starters[kind], kind, cardTypeId: kind as string as CardTypeId };
}

async function toDocuments(form: SetupForm, centre: Centre): Promise<NewDocument[]> {
  const currencyDecimals = decimalsOf(form.currency);
  const salt = Buffer.from(centre.crypto.randomHex(16), 'hex').toString('base64');
  const pinHash = await hashPin(form.managerPin, salt, centre.scrypt);
  const storeId = 'store-1' as StoreId;
  const staffId = 'staff-1' as StaffId;
  const cardTypes = [...new Set(form.cardKinds)].map((kind) => starterCardType(kind, 10 ** currencyDecimals));
  return [
    {
      kind: 'store',
      id: storeId,
      body: { storeId, version: 1, name: form.storeName, timeZone: form.timeZone, cutOffHour: 4 },
    },
    {
      kind: 'staff',
      id: staffId,
      body: {
        staffId,
        version: 1,
        login: form.managerLogin,
        name: form.managerName,
        role: 'manager',
        pinHash,
        isGone: false,
      },
    },
    ...cardTypes.map((body): NewDocument => ({ kind: 'card-type', id: body.cardTypeId, body })),
    {
      kind: 'chain',
      id: 'chain',
      body: {
        version: 1,
        name: form.chainName,
        currency: form.currency,
        currencyDecimals,
        country: form.country,
        consentMode: form.consentMode,
        policyVersion: '1',
        cardPrefix: form.cardPrefix,
      },
    },
  ];
}

/** Makes the chain, once. @throws CentreRefusal `already_set_up`. */
export async function setUp(centre: Centre, form: SetupForm): Promise<void> {
  const documents = await toDocuments(form, centre);
  await centre.database.transaction(async (tx) => {
    await lockHead(tx);
    if ((await findChain(tx)) !== null) {
      throw new CentreRefusal(
        'already_set_up',
        'This CRM has its chain already. Nothing was changed. Go to its front page.',
      );
    }
    await saveDocuments(tx, documents);
  });
}
