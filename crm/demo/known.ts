import type { MemberState } from '../../sync/model/member.ts';

export interface KnownCard {
  cardTypeId: 'coffee' | 'points' | 'pass' | 'prepaid' | 'gold' | 'welcome';
  /** The same in every demo: numbers follow from the demo's seed alone. */
  cardNumber: string;
  balance: number;
  status: 'active' | 'lost' | 'replaced';
}

export interface KnownMember {
  lastName: string;
  firstName: string;
  mobile: string;
  phone: string | null;
  state: MemberState;
  lookupId: string;
  cards: readonly KnownCard[];
}

type CardText = [
  type: KnownCard['cardTypeId'],
  number: string,
  balance: number,
  status?: KnownCard['status'],
];

const known = (
  [lastName, firstName, mobile]: [string, string, string],
  cards: CardText[],
  rest: Partial<Pick<KnownMember, 'phone' | 'state'>> = {},
): KnownMember => ({
  lastName,
  firstName,
  mobile,
  phone: null,
  state: 'active',
  lookupId: `K${mobile.slice(-4)}`,
  ...rest,
  cards: cards.map(([cardTypeId, cardNumber, balance, status = 'active']) => ({
    cardTypeId,
    cardNumber,
    balance,
    status,
  })),
});

/** Members that every demo has, for the first steps, the tests and the screenshots. */
export const KNOWN_MEMBERS = {
  weiLing: known(
    ['Tan', 'Wei Ling', '+6591110001'],
    [
      ['coffee', '6035553882471315', 6],
      ['points', '6035559746337451', 1240],
      ['gold', '6035557240782107', 0],
    ],
  ),
  /** Two ideographs, no space: found by either. */
  chenWei: known(
    ['陈', '伟', '+6591110002'],
    [
      ['coffee', '6035553921976936', 9],
      ['prepaid', '6035552637522422', 4250],
    ],
  ),
  locked: known(['binte Ahmad', 'Nur Aisyah', '+6591110003'], [['coffee', '6035556318770663', 3]], {
    state: 'locked',
  }),
  blocked: known(['Lee', 'Marcus', '+6591110004'], [['points', '6035550232051714', 85]], {
    state: 'blocked',
  }),
  /** Her coffee card is lost and not replaced yet. */
  lostCard: known(
    ['Nair', 'Priya', '+6591110005'],
    [
      ['coffee', '6035557468024364', 7, 'lost'],
      ['points', '6035555087474549', 310],
    ],
  ),
  /** The second card took over the account of the first. */
  replacedCard: known(
    ['Yamamoto', 'Kenji', '+6591110006'],
    [
      ['coffee', '6035555273493972', 4, 'replaced'],
      ['coffee', '6035554132631153', 4],
    ],
  ),
  /** These two share one home phone. */
  familyFirst: known(['Lim', 'Hui Min', '+6591110007'], [['coffee', '6035554607458041', 2]], {
    phone: '+6562220100',
  }),
  familySecond: known(['Lim', 'Jia Hao', '+6591110008'], [['points', '6035557044890700', 48]], {
    phone: '+6562220100',
  }),
  accents: known(
    ['Lefèvre', 'Élodie', '+6591110009'],
    [
      ['pass', '6035553177197542', 7],
      ['welcome', '6035555276072815', 1],
    ],
  ),
} as const satisfies Record<string, KnownMember>;
