import { luhnDigit } from '../../sync/base/card-number.ts';
import type { AccountId, CardId, CardTypeId, MemberId } from '../../sync/base/ids.ts';
import type { AccountRow, CardRow } from '../../sync/model/card.ts';
import { EMPTY_FIELDS, type MemberRow } from '../../sync/model/member.ts';
import { writeExtras } from '../../sync/model/extras.ts';
import { CARD_TYPES, CHAIN, STORE_ID } from '../parts/shop.ts';
import { mix, pick, shuffled } from './random.ts';

/** Part of the cache's key: raise it with every change of what is generated. */
export const GENERATOR_VERSION = 4;

/** Numbers of the mix, one for each thing that is chosen, so that choices do not depend on each other. */
const STREAM = {
  last: 1,
  first: 2,
  second: 3,
  origin: 4,
  phone: 5,
  email: 6,
  card: 7,
  balance: 8,
  tail: 9,
  tier: 10,
  city: 11,
  extras: 12,
  bought: 20,
};
const START_MS = Date.UTC(2024, 0, 1);

const LAST = (
  'Tan Lim Lee Ng Ong Wong Goh Chua Chan Koh Teo Ang Yeo Tay Ho Low Toh Sim Chong Chia Seah Neo Quek Foo ' +
  'Kumar Singh Pillai Nair Sharma Patel Rajan Menon Rahman Ismail Abdullah Hassan Yusof Aziz ' +
  'Smith Jones Brown Taylor Müller Schäfer García Nguyễn Trần Santos Reyes Cruz Suzuki Satō'
).split(' ');
const SYLLABLES =
  'Wei Ming Hui Jia Xin Yi Li Hao Jun Kai Zhi Yong Siew Mei Ling Boon Chee Kah Kok Soon Swee Bee Geok Poh'.split(
    ' ',
  );
const FIRST = (
  'Priya Arjun Deepa Ravi Anita Siti Nurul Ahmad Farah Hafiz Anna Peter Maria José Chloé Daniel Sarah Grace ' +
  'Thị Minh Anh Yuki Haruto Aisyah Rohan Meera'
).split(' ');
const HAN_LAST = [...'陈林李黄张王吴刘杨蔡郑许周何'];
const HAN_FIRST = [...'伟明慧佳欣怡丽豪俊凯志勇秀美玲文建国华'];

/**
 * Calling code, digits before the counted ones, how many of those: mobile numbers as those countries have
 * them.
 */
const COUNTRIES = [
  { code: '65', start: '9', digits: 7 },
  { code: '60', start: '12', digits: 7 },
  { code: '86', start: '138', digits: 8 },
  { code: '44', start: '7700', digits: 6 },
] as const;
/** Of a hundred members, so many have a number at home in Singapore. */
const LOCAL_PERCENT = 85;

const idOf = <Id extends string>(kind: number, at: number): Id => {
  const time = (START_MS + at * 1_000).toString(16).padStart(12, '0');
  const tail = (at.toString(16).padStart(6, '0') + mix(at, STREAM.tail + kind).toString(16))
    .padEnd(15, '0')
    .slice(0, 15);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${kind}00-8${tail.slice(0, 3)}-${tail.slice(3)}` as Id;
};
const MEMBER = 1;
const CARD = 2;
const ACCOUNT = 3;

function nameOf(at: number): { lastName: string; firstName: string } {
  const origin = mix(at, STREAM.origin) % 100;
  if (origin < 8) {
    const firstName = pick(HAN_FIRST, at, STREAM.first) + pick(HAN_FIRST, at, STREAM.second);
    return { lastName: pick(HAN_LAST, at, STREAM.last), firstName };
  }
  const lastName = pick(LAST, at, STREAM.last);
  if (origin < 60) {
    return {
      lastName,
      firstName: `${pick(SYLLABLES, at, STREAM.first)} ${pick(SYLLABLES, at, STREAM.second)}`,
    };
  }
  return { lastName, firstName: pick(FIRST, at, STREAM.first) };
}

/** The mobile number of the `at`-th member; nobody else has it. */
export function mobileOf(at: number): { code: string; national: string } {
  const isLocal = mix(at, STREAM.origin) % 100 < LOCAL_PERCENT;
  const { code, start, digits } = isLocal ? COUNTRIES[0] : pick(COUNTRIES, at, STREAM.phone);
  return { code, national: start + String(shuffled(at, 10 ** digits)).padStart(digits, '0') };
}

/** The card number of the `at`-th member, of the chain's own form. */
export function cardNumberOf(at: number): string {
  const body = CHAIN.cardPrefix + String(shuffled(at, 1_000_000_000)).padStart(9, '0');
  return body + luhnDigit(body);
}

export const memberIdOf = (at: number): MemberId => idOf(MEMBER, at);
export const cardIdOf = (at: number): CardId => idOf(CARD, at);
const typeOf = (at: number): CardTypeId => pick(CARD_TYPES, at, STREAM.card).cardTypeId;
export const hasStampCard = (at: number): boolean => typeOf(at) === 'coffee';

const HOME_PHONE = { percent: 20, first: 60_000_000, numbers: 9_000_000 };

const TIERS = ['Silver', 'Silver', 'Gold', 'Platinum'];
const CITIES = 'Singapore Johor Bahru Penang Melaka Ipoh Kuching Shanghai Leeds'.split(' ');
const GROUPS = ['staff', 'vip', 'press', 'school'];
const SOURCES = ['web', 'shop', 'event', 'friend', 'advert'];

/** Nobody with a stamp card: those are who benches act upon. */
const stateOf = (at: number): MemberRow['state'] =>
  hasStampCard(at) || at % 50 > 1 ? 'active' : at % 50 === 0 ? 'locked' : 'blocked';

/** One in ten is in a group, half of them say where they come from. */
function extrasOf(at: number): string {
  const chance = mix(at, STREAM.extras) % 10;
  const groups = chance === 0 ? [pick(GROUPS, at, STREAM.city)] : [];
  const custom = chance < 5 ? { source: pick(SOURCES, at, STREAM.tier) } : {};
  return writeExtras({ groups, custom });
}

function memberOf(at: number, seq: number): MemberRow {
  const { code, national } = mobileOf(at);
  const chance = mix(at, STREAM.email) % 100;
  const hasPhone = mix(at, STREAM.phone + 100) % 100 < HOME_PHONE.percent;
  return {
    ...EMPTY_FIELDS,
    ...nameOf(at),
    mobile: `+${code}${national}`,
    phone: hasPhone ? `+65${HOME_PHONE.first + shuffled(at, HOME_PHONE.numbers)}` : null,
    email: chance < 40 ? `member.${at}@example.test` : null,
    lookupId: `M${at}`,
    gender: chance % 2 === 0 ? 'female' : 'male',
    dateOfBirth: `${1950 + (chance % 55)}-0${1 + (chance % 9)}-1${chance % 10}`,
    tier: TIERS[mix(at, STREAM.tier) % 10] ?? '',
    city: pick(CITIES, at, STREAM.city),
    isCreditAllowed: true,
    memberId: memberIdOf(at),
    seq,
    supportId: `S${mix(at, STREAM.tail).toString(16)}`,
    storeId: STORE_ID,
    createdAtMs: START_MS + at * 1_000,
    state: stateOf(at),
    stateEpoch: 0,
    stateReason: '',
    stateHlc: '',
    stateActorId: null,
    pdpaPolicy: CHAIN.policyVersion,
    hasMarketingConsent: chance < 50,
    marketingHlc: '',
    mergedIntoId: null,
    extras: extrasOf(at),
  };
}

/** The `at`-th member of the big chain with the one card and its account, as the centre would send them. */
export function rowsOf(at: number, seq: number): { member: MemberRow; card: CardRow; account: AccountRow } {
  const owner = { memberId: memberIdOf(at), cardTypeId: typeOf(at) };
  const accountId = idOf<AccountId>(ACCOUNT, at);
  const issuedAtMs = START_MS + at * 1_000;
  const lastEntryAtMs =
    issuedAtMs - (issuedAtMs % 60_000) + (mix(at, STREAM.bought + 200) % 400) * 86_400_000;
  const balance = mix(at, STREAM.balance) % 200;
  // Three dollars to fifteen each time.
  const purchaseCount = 1 + (mix(at, STREAM.bought) % 24);
  const bought = {
    purchaseCount,
    spentMinor: purchaseCount * (300 + (mix(at, STREAM.bought + 100) % 1_200)),
  };
  return {
    member: memberOf(at, seq),
    card: {
      ...{ cardId: cardIdOf(at), seq, cardNumber: cardNumberOf(at), ...owner, accountId },
      ...{ status: 'active', statusReason: '', issuedAtMs, expiresOn: null, replacesCardId: null },
    },
    account: {
      accountId,
      seq,
      accountNo: at,
      ...owner,
      balance,
      entryCount: purchaseCount + 1,
      lastEntryAtMs,
      ...bought,
    },
  };
}
