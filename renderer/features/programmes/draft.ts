import type { CardKind, CardRules, CardType, Reward } from '../../../sync/model/chain.ts';
import { moneyText, parseCount, parseMoney } from '../../lib/parse.ts';

/** A form's fields that are text while they are typed. */
export const TEXT_FIELDS = [
  ...(['name', 'nameZh', 'validFrom', 'goal', 'earnPoints', 'earnPerMinor', 'minSpendMinor'] as const),
  ...(['earnMaxPerDay', 'expiresAfterMonths', 'cashback', 'packs', 'discountPercent'] as const),
  ...(['openingUnits', 'validMonths', 'usableFrom', 'usableUntil', 'worthPoints', 'worthMinor'] as const),
] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

export interface RewardText {
  readonly rewardId: string;
  readonly name: string;
  readonly nameZh: string;
  readonly cost: string;
}

export interface Draft {
  readonly texts: Readonly<Record<TextField, string>>;
  readonly rewards: readonly RewardText[];
  /** Per cent by tier; '' is the usual rate. */
  readonly factors: Readonly<Record<string, string>>;
  readonly colour: CardRules['colour'];
  readonly earnRounding: CardRules['earnRounding'];
  readonly expiresBy: CardRules['expiresBy'];
  readonly isUnlimited: boolean;
  readonly isRetired: boolean;
}

export type ProblemField = TextField | 'rewards' | 'factors';
export type Problems = Partial<Record<ProblemField, true>>;
export type DraftRead = { readonly rules: CardRules } | { readonly problems: Problems };

const PER_CENT_DECIMALS = 2;
const COUNT_MAX = 1_000_000_000;
const PERCENT_MAX = 1_000;
const PACKS_MAX = 6;

/** Of a card whose units come by spending. */
const EARNED: readonly TextField[] = [
  'earnPoints',
  'earnPerMinor',
  'minSpendMinor',
  'earnMaxPerDay',
  'expiresAfterMonths',
  'validMonths',
];
/** Which fields a kind of card has. */
const FIELDS: Readonly<Record<CardKind, readonly TextField[]>> = {
  stamp: ['goal', ...EARNED],
  points: [...EARNED, 'worthPoints', 'worthMinor'],
  visits: ['packs', 'validMonths'],
  credit: ['cashback', 'minSpendMinor', 'earnMaxPerDay', 'validMonths'],
  discount: ['discountPercent', 'validMonths'],
  coupon: ['openingUnits', 'usableFrom', 'usableUntil', 'validMonths'],
};
export const hasField = (kind: CardKind, field: TextField): boolean => FIELDS[kind].includes(field);
export const hasRewards = (kind: CardKind): boolean =>
  kind === 'stamp' || kind === 'points' || kind === 'coupon';
export const hasEarning = (kind: CardKind): boolean =>
  kind === 'stamp' || kind === 'points' || kind === 'credit';

const orEmpty = (value: number): string => (value === 0 ? '' : String(value));

/** The form of a version; `validFrom` is the day from which the next one shall count. */
export function toDraft(rules: CardRules, decimals: number, validFrom: string): Draft {
  return {
    texts: {
      name: rules.name,
      nameZh: rules.nameZh,
      validFrom,
      goal: orEmpty(rules.goal),
      earnPoints: orEmpty(rules.earnPoints),
      earnPerMinor: moneyText(rules.earnPerMinor, decimals),
      minSpendMinor: rules.minSpendMinor === 0 ? '' : moneyText(rules.minSpendMinor, decimals),
      earnMaxPerDay: orEmpty(rules.earnMaxPerDay),
      expiresAfterMonths: orEmpty(rules.expiresAfterMonths),
      cashback:
        rules.cashbackBasisPoints === 0 ? '' : moneyText(rules.cashbackBasisPoints, PER_CENT_DECIMALS),
      packs: rules.packs.join(', '),
      discountPercent: orEmpty(rules.discountPercent),
      openingUnits: orEmpty(rules.openingUnits),
      validMonths: orEmpty(rules.validMonths),
      worthPoints: orEmpty(rules.worth?.points ?? 0),
      worthMinor: rules.worth === undefined ? '' : moneyText(rules.worth.minor, decimals),
      usableFrom: rules.usableFrom ?? '',
      usableUntil: rules.usableUntil ?? '',
    },
    rewards: rules.rewards.map(({ rewardId, name, nameZh, cost }) => ({
      rewardId,
      name,
      nameZh,
      cost: String(cost),
    })),
    factors: Object.fromEntries(rules.tierFactors.map(({ tierId, percent }) => [tierId, String(percent)])),
    colour: rules.colour,
    earnRounding: rules.earnRounding,
    expiresBy: rules.expiresBy,
    isUnlimited: rules.isUnlimited,
    isRetired: rules.isRetired,
  };
}

const isDay = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
  );
};

/** Notes what is not fit; a field that the kind does not have is its default. */
function createReader(draft: Draft, kind: CardKind) {
  const problems: Problems = {};
  const textOf = (field: TextField): string => (hasField(kind, field) ? draft.texts[field].trim() : '');
  const note = <Value>(field: ProblemField, value: Value | null, instead: Value): Value => {
    if (value === null) problems[field] = true;
    return value ?? instead;
  };
  return {
    problems,
    note,
    count: (field: TextField, most = COUNT_MAX): number => {
      const text = textOf(field);
      return text === '' || text === '0' ? 0 : note(field, parseCount(text, most), 0);
    },
    money: (field: TextField, decimals: number): number => {
      const text = textOf(field);
      const minor = text === '' ? 0 : parseMoney(text, decimals);
      return note(field, minor === null || minor > COUNT_MAX ? null : minor, 0);
    },
    day: (field: TextField): string | null => {
      const text = textOf(field);
      if (text === '' || isDay(text)) return text === '' ? null : text;
      problems[field] = true;
      return null;
    },
  };
}

type Reader = ReturnType<typeof createReader>;

/** A coupon is redeemed for something, which is the coupon's own name where nothing else is said. */
function readRewards({ rewards: typed, texts }: Draft, kind: CardKind): Reward[] | null {
  if (!hasRewards(kind)) return [];
  if (kind === 'coupon' && typed.length === 0) return null;
  const own = kind === 'coupon' ? texts : { name: '', nameZh: '' };
  const rewards = typed.map(({ rewardId, name, nameZh, cost }) => ({
    rewardId,
    name: name.trim() || own.name.trim(),
    nameZh: nameZh.trim() || (name.trim() === '' ? own.nameZh.trim() : ''),
    cost: parseCount(cost, COUNT_MAX) ?? 0,
  }));
  // A coupon without a name is told so by its own field.
  const isNamed = (name: string): boolean => name !== '' || kind === 'coupon';
  return rewards.every(({ name, cost }) => isNamed(name) && cost > 0) ? rewards : null;
}

function readFactors(draft: Draft, kind: CardKind): CardRules['tierFactors'] | null {
  if (!hasEarning(kind)) return [];
  const typed = Object.entries(draft.factors).filter(([, text]) => text.trim() !== '');
  const factors = typed.map(([tierId, text]) => ({
    tierId,
    percent: text.trim() === '0' ? 0 : (parseCount(text, PERCENT_MAX) ?? -1),
  }));
  return factors.every(({ percent }) => percent >= 0)
    ? factors.filter(({ percent }) => percent !== 100)
    : null;
}

/** Both halves or none; `{}` for points that are worth no money, so that such a version stays as it always was. */
function readWorth({ problems, count, money }: Reader, decimals: number): Pick<CardRules, 'worth'> {
  const points = count('worthPoints');
  const minor = money('worthMinor', decimals);
  if (points > 0 && minor > 0) return { worth: { points, minor } };
  if (minor > 0) problems.worthPoints = true;
  if (points > 0) problems.worthMinor = true;
  return {};
}

function readPacks(text: string): number[] | null {
  const packs = text
    .split(/[,;\s]+/)
    .filter((each) => each !== '')
    .map((each) => parseCount(each, 1_000));
  return packs.length <= PACKS_MAX && packs.every((pack) => pack !== null)
    ? packs.filter((pack) => pack !== null)
    : null;
}

export interface DraftScene {
  readonly kind: CardKind;
  readonly decimals: number;
  /** Business day of now: no version counts from an earlier one, so that no past day changes. */
  readonly today: string;
  readonly version: number;
}

/** The rules that the form says, or which of its fields are not fit. */
export function readDraft(draft: Draft, { kind, decimals, today, version }: DraftScene): DraftRead {
  const { texts } = draft;
  const reader = createReader(draft, kind);
  const { problems, note, count, money, day } = reader;
  const name = note('name', texts.name.trim() === '' ? null : texts.name.trim(), '');
  const validFrom = note(
    'validFrom',
    isDay(texts.validFrom) && texts.validFrom >= today ? texts.validFrom : null,
    today,
  );
  const goal = count('goal', 50);
  if (kind === 'stamp' && goal < 2) problems.goal = true;
  const openingUnits = count('openingUnits');
  if (kind === 'coupon' && openingUnits < 1) problems.openingUnits = true;
  const per = money('earnPerMinor', decimals);
  if (hasField(kind, 'earnPerMinor') && per < 1) problems.earnPerMinor = true;
  const cashbackBasisPoints = money('cashback', PER_CENT_DECIMALS);
  if (cashbackBasisPoints > 10_000) problems.cashback = true;
  const isUnlimited = kind === 'visits' && draft.isUnlimited;
  const validMonths = count('validMonths', 120);
  if (isUnlimited && validMonths === 0) problems.validMonths = true;
  const usableFrom = day('usableFrom');
  const usableUntil = day('usableUntil');
  if (usableFrom !== null && usableUntil !== null && usableUntil < usableFrom) problems.usableUntil = true;
  const rules: CardRules = {
    version,
    validFrom,
    name,
    nameZh: texts.nameZh.trim(),
    colour: draft.colour,
    goal,
    rewards: note('rewards', readRewards(draft, kind), []),
    earnPoints: count('earnPoints'),
    earnPerMinor: Math.max(1, per === 0 ? 100 : per),
    earnRounding: hasEarning(kind) ? draft.earnRounding : 'step',
    minSpendMinor: money('minSpendMinor', decimals),
    tierFactors: note('factors', readFactors(draft, kind), []),
    earnMaxPerDay: count('earnMaxPerDay'),
    ...readWorth(reader, decimals),
    expiresAfterMonths: count('expiresAfterMonths', 120),
    expiresBy: draft.expiresBy,
    cashbackBasisPoints,
    packs: isUnlimited ? [] : note('packs', readPacks(hasField(kind, 'packs') ? texts.packs : ''), []),
    isUnlimited,
    discountPercent: count('discountPercent', 100),
    openingUnits,
    validMonths,
    usableFrom,
    usableUntil,
    isRetired: draft.isRetired,
  };
  return Object.keys(problems).length > 0 ? { problems } : { rules };
}

/** A card type to begin with, of a kind; saved as the first version. */
export function blankType(kind: CardKind, cardTypeId: CardType['cardTypeId'], today: string): CardType {
  return {
    cardTypeId,
    kind,
    version: 0,
    validFrom: today,
    name: '',
    nameZh: '',
    colour: 'ink',
    goal: kind === 'stamp' ? 10 : 0,
    rewards: kind === 'coupon' ? [{ rewardId: 'use', name: '', nameZh: '', cost: 1 }] : [],
    earnPoints: kind === 'points' ? 1 : 0,
    earnPerMinor: 100,
    earnRounding: 'step',
    minSpendMinor: 0,
    tierFactors: [],
    earnMaxPerDay: 0,
    expiresAfterMonths: 0,
    expiresBy: 'earned',
    cashbackBasisPoints: 0,
    packs: kind === 'visits' ? [10] : [],
    isUnlimited: false,
    discountPercent: kind === 'discount' ? 10 : 0,
    openingUnits: kind === 'coupon' ? 1 : 0,
    validMonths: kind === 'visits' ? 12 : 0,
    usableFrom: null,
    usableUntil: null,
    isRetired: false,
    earlier: [],
  };
}
