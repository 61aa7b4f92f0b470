import { isCardNumber } from './card-number.ts';
import { nationalDigits, toE164 } from './phone.ts';

/** Names longer than this many words start at the first ones only. */
const NAME_STARTS_MAX = 6;
export const PHONE_PART_DIGITS_MIN = 4;
export const SEARCH_TEXT_MAX = 120;

/** Nothing of it has accents, widths or ideographs: most names. */
const ASCII = /^[ -~]*$/;
const OTHER_SIGNS = /[^a-z0-9]+/g;

const isIdeograph = (sign: string): boolean =>
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u.test(sign);

/**
 * Lower case, no accents, full-width to half-width, one space between words, ideographs kept apart from Latin
 * words.
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase().replace(OTHER_SIGNS, ' ').trim();
  return text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/ø/gi, 'o')
    .replace(/ł/gi, 'l')
    .replace(/đ/gi, 'd')
    .toLowerCase()
    .replace(/([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+)/gu, ' $1 ')
    .replace(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim();
}

/**
 * Folded forms under which a name is found by its start: every rotation of its words, so "last first" and
 * "first last" both work, and every ideograph as a start, because Chinese has no spaces between names.
 */
export function nameKeys(lastName: string, firstName: string): string[] {
  const words = fold(`${lastName} ${firstName}`).split(' ').filter(Boolean);
  const keys = new Set<string>();
  for (let start = 0; start < Math.min(words.length, NAME_STARTS_MAX); start += 1) {
    keys.add([...words.slice(start), ...words.slice(0, start)].join(' '));
  }
  const ideographs = words.filter((word) => isIdeograph(word.charAt(0))).join('');
  const signs = [...ideographs];
  for (let start = 0; start < Math.min(signs.length, NAME_STARTS_MAX); start += 1)
    keys.add(signs.slice(start).join(''));
  return [...keys];
}

/** Every tail of the national number with at least four digits: finds last four, the whole and any part. */
export function phoneKeys(e164: string): string[] {
  const digits = nationalDigits(e164);
  const keys = [];
  for (let start = 0; digits.length - start >= PHONE_PART_DIGITS_MIN; start += 1)
    keys.push(digits.slice(start));
  return keys;
}

export const lookupIdKey = (lookupId: string): string =>
  lookupId.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
export const emailKey = (email: string): string => email.normalize('NFKC').trim().toLowerCase();

export interface SearchKeySource {
  lastName: string;
  firstName: string;
  mobile: string | null;
  phone: string | null;
  email: string | null;
  lookupId: string;
  supportId: string;
}

/**
 * Every key under which a member is found, each with a letter for its kind first: `n` name, `p` part of a
 * phone, `e` e-mail, `l` look-up ID. One ordered table of these serves every search by a range scan.
 */
export function searchKeys(member: SearchKeySource): string[] {
  const phones = [member.mobile, member.phone].filter((phone) => phone !== null);
  const keys = [
    ...nameKeys(member.lastName, member.firstName).map((key) => `n${key}`),
    ...phones.flatMap(phoneKeys).map((key) => `p${key}`),
    ...(member.email === null ? [] : [`e${emailKey(member.email)}`]),
    `l${lookupIdKey(member.lookupId)}`,
    `l${lookupIdKey(member.supportId)}`,
  ];
  return [...new Set(keys)];
}

/** One range of the key table: a key equal to `key`, or any that starts with it. */
export interface KeySeek {
  key: string;
  isPrefix: boolean;
}

/** What a text in the one box may mean, surest first. */
export interface SearchPlan {
  text: string;
  cardNumber: string | null;
  /** The text as a whole phone number, E.164. */
  phone: string | null;
  seeks: KeySeek[];
}

/**
 * Reads the one box: card number, phone in any notation or in part, look-up ID, e-mail, name. Pure; at most
 * `SEARCH_TEXT_MAX` signs.
 */
export function toSearchPlan(input: string, country: string): SearchPlan {
  const text = input.slice(0, SEARCH_TEXT_MAX).trim();
  const digits = text.replace(/[\s\-().+/]/g, '');
  const isNumeric = /^\d+$/.test(digits);
  const seeks: KeySeek[] = [];
  const add = (key: string, isPrefix: boolean) => {
    if (key.length > 1 && !seeks.some((seek) => seek.key === key)) seeks.push({ key, isPrefix });
  };
  const e164 = isNumeric ? toE164(text, country) : null;
  if (e164 !== null) add(`p${nationalDigits(e164)}`, false);
  if (isNumeric && digits.length >= PHONE_PART_DIGITS_MIN)
    add(`p${digits.replace(/^0+(?=\d{4})/, '')}`, true);
  if (!isNumeric && text.includes('@')) add(`e${emailKey(text)}`, true);
  add(`l${lookupIdKey(text)}`, false);
  if (!isNumeric && !text.includes('@')) add(`n${fold(text)}`, true);
  return { text, cardNumber: isCardNumber(digits) ? digits : null, phone: e164, seeks };
}
