/** Form of a value: `n` digits only or `x` any sign of a code, from so many to so many; `c` a GS1 check digit. */
export interface AiForm {
  readonly isNumeric: boolean;
  readonly lengthMin: number;
  readonly lengthMax: number;
  /** Length up to and including a check digit; 0 for none. */
  readonly checkedLength: number;
  readonly isDate: boolean;
}

const form = (
  isNumeric: boolean,
  [lengthMin, lengthMax]: readonly [number, number],
  rest: { checkedLength?: number; isDate?: boolean } = {},
): AiForm => ({
  isNumeric,
  lengthMin,
  lengthMax,
  checkedLength: rest.checkedLength ?? 0,
  isDate: rest.isDate ?? false,
});

const digits = (length: number): AiForm => form(true, [length, length]);
const checked = (length: number): AiForm => form(true, [length, length], { checkedLength: length });
const upTo = (length: number): AiForm => form(false, [1, length]);
const digitsUpTo = (length: number): AiForm => form(true, [1, length]);
const DATE = form(true, [6, 6], { isDate: true });

/** Whole identifiers. Source: GS1 General Specifications, section 3.2. */
const BY_AI: Readonly<Record<string, AiForm>> = {
  '00': checked(18),
  '01': checked(14),
  '02': checked(14),
  '03': checked(14),
  '10': upTo(20),
  '11': DATE,
  '12': DATE,
  '13': DATE,
  '15': DATE,
  '16': DATE,
  '17': DATE,
  '20': digits(2),
  '21': upTo(20),
  '22': upTo(20),
  '30': digitsUpTo(8),
  '37': digitsUpTo(8),
  '235': upTo(28),
  '240': upTo(30),
  '241': upTo(30),
  '242': digitsUpTo(6),
  '243': upTo(20),
  '250': upTo(30),
  '251': upTo(30),
  '253': form(false, [13, 30], { checkedLength: 13 }),
  '254': upTo(20),
  '255': form(true, [13, 25], { checkedLength: 13 }),
  '400': upTo(30),
  '401': upTo(30),
  '402': checked(17),
  '403': upTo(30),
  '420': upTo(20),
  '421': form(false, [4, 12]),
  '422': digits(3),
  '423': form(true, [3, 15]),
  '424': digits(3),
  '425': form(true, [3, 15]),
  '426': digits(3),
  '427': upTo(3),
  '7001': digits(13),
  '7002': upTo(30),
  '7003': digits(10),
  '7004': digitsUpTo(4),
  '7005': upTo(12),
  '7006': digits(6),
  '7007': form(true, [6, 12]),
  '7008': upTo(3),
  '7009': upTo(10),
  '7010': upTo(2),
  '7011': form(true, [6, 10]),
  '7020': upTo(20),
  '7021': upTo(20),
  '7022': upTo(20),
  '7023': upTo(30),
  '7040': form(false, [4, 4]),
  '7240': upTo(20),
  '8001': digits(14),
  '8002': upTo(20),
  '8003': form(false, [14, 30], { checkedLength: 14 }),
  '8004': upTo(30),
  '8005': digits(6),
  '8006': form(true, [18, 18], { checkedLength: 14 }),
  '8007': upTo(34),
  '8008': form(true, [8, 12]),
  '8009': upTo(50),
  '8010': upTo(30),
  '8011': digitsUpTo(12),
  '8012': upTo(20),
  '8013': upTo(25),
  '8017': checked(18),
  '8018': checked(18),
  '8019': digitsUpTo(10),
  '8020': upTo(25),
  '8026': form(true, [18, 18], { checkedLength: 14 }),
  '8030': upTo(90),
  '8110': upTo(70),
  '8111': digits(4),
  '8112': upTo(70),
  '8200': upTo(70),
};

/** Families whose last digit is a count of decimals or a number in a row. */
const BY_FAMILY: readonly (readonly [RegExp, AiForm])[] = [
  [/^3[1-6]\d\d$/, digits(6)],
  [/^390\d$/, digitsUpTo(15)],
  [/^391\d$/, form(true, [4, 18])],
  [/^392\d$/, digitsUpTo(15)],
  [/^393\d$/, form(true, [4, 18])],
  [/^394\d$/, digits(4)],
  [/^395\d$/, digits(6)],
  [/^41[0-7]$/, checked(13)],
  [/^43\d\d$/, upTo(70)],
  [/^703\d$/, form(false, [4, 30])],
  [/^71\d$/, upTo(20)],
  [/^723\d$/, form(false, [3, 30])],
  [/^9\d$/, upTo(90)],
];

/** By its first two digits, how long an identifier is. */
function lengthOfAi(head: string): 2 | 3 | 4 {
  if (/^(?:23|24|25|40|41|42|71)$/.test(head)) return 3;
  return /^(?:3[1-69]|43|70|72|8[0-2])$/.test(head) ? 4 : 2;
}

/** What is known of an identifier. */
export interface Ai {
  readonly ai: string;
  readonly form: AiForm;
  /** Length, identifier included, that needs no separator behind it; 0 for one that runs to the next. */
  readonly fixedLength: number;
}

/** Predefined lengths by the first two digits (section 7.8). */
function fixedLengthOf(head: string): number {
  if (head === '00') return 20;
  if (/^0[1-4]$/.test(head)) return 16;
  if (/^1[1-9]$/.test(head)) return 8;
  if (head === '20') return 4;
  if (/^3[1-6]$/.test(head)) return 10;
  return head === '41' ? 16 : 0;
}

function findAi(ai: string): Ai | null {
  const found = Object.hasOwn(BY_AI, ai) ? BY_AI[ai] : BY_FAMILY.find(([pattern]) => pattern.test(ai))?.[1];
  return found === undefined ? null : { ai, form: found, fixedLength: fixedLengthOf(ai.slice(0, 2)) };
}

/** Every identifier there is, found once: there are some hundreds. */
const known = new Map<string, Ai>();
const lengths = new Map<string, 2 | 3 | 4>();
for (let head = 0; head < 100; head += 1) {
  const start = String(head).padStart(2, '0');
  const length = lengthOfAi(start);
  lengths.set(start, length);
  for (let rest = 0; rest < 10 ** (length - 2); rest += 1) {
    const ai = findAi(length === 2 ? start : start + String(rest).padStart(length - 2, '0'));
    if (ai !== null) known.set(ai.ai, ai);
  }
}

/** The identifier that starts at `at`; undefined when none does. */
export function aiAt(text: string, at: number): Ai | undefined {
  const length = lengths.get(text.slice(at, at + 2));
  return length === undefined ? undefined : known.get(text.slice(at, at + length));
}

/** The identifier that is the whole of `text`. */
export const findWholeAi = (text: string): Ai | undefined => known.get(text);
