import { isStorableText } from '../../../../sync/base/text.ts';
import { fits, isMaskOf } from '../../../../sync/model/attributes.ts';
import { EXTRAS_MAX, Tag } from '../../../../sync/model/extras.ts';
import { isSegmentTag } from '../../../../sync/model/segment.ts';
import { MemberFields } from '../../../../sync/model/member.ts';
import { UNITS_MAX } from '../../../../sync/model/units.ts';
import { worstFirst, type ImportReason } from '../../../contract/import-reasons.ts';
import type { ImportMode } from '../../../contract/imports.ts';
import { splitName } from '../../../../sync/base/full-name.ts';
import type { Column, ColumnKind } from '../columns.ts';
import { isExponent, isSpoilt, plainKey, plainText, toDay, toGender, toMinor } from './values.ts';
import { toPhone, toTruth, toUnits, toWords, UNREADABLE } from './values.ts';

/** What a row says, normalised as an op has it. Only what the row gives is there. */
export interface Given {
  fields: Partial<MemberFields>;
  cardNumber: string | null;
  /** Null: the file has no such column. */
  marketing: boolean | null;
  points: number;
  creditMinor: number;
  tags: string[];
  groups: string[];
  /** Null takes a value away. */
  custom: Record<string, string | null>;
}

export interface ReadRow {
  given: Given;
  codes: ImportReason[];
}

/** What rows of one file are read with. */
export interface ReadingRules {
  mode: ImportMode;
  country: string;
  currencyDecimals: number;
  today: string;
  is1904: boolean;
  /** Folded name to id; none known: any word is a tier. */
  tiers: ReadonlyMap<string, string>;
  groups: ReadonlyMap<string, string>;
  hasPointsType: boolean;
  hasCreditType: boolean;
}

export const foldName = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

const TEXT_MAX: Readonly<Record<string, number>> = {
  lastName: 80,
  firstName: 80,
  prefix: 10,
  street1: 120,
  street2: 120,
  postalCode: 20,
  city: 80,
  region: 80,
  country: 60,
  notes: 1_000,
  email: 200,
  lookupId: 40,
  tier: 40,
};
const Email = MemberFields.shape.email;

interface Draft extends ReadRow {
  callingCode: string;
}

type CellReader = (cell: string, draft: Draft) => void;

type FieldKind = Extract<ColumnKind, { field: unknown }>;

function setText(draft: Draft, field: string, text: string): void {
  if (text.length > (TEXT_MAX[field] ?? 0)) draft.codes.push('CELL_TOO_LONG');
  // Cast: only columns of text come here.
  else if (text !== '') (draft.given.fields as Record<string, string>)[field] = text;
}

/** A text that may be all digits: a spreadsheet may have made a power of ten of it. */
function setDigits(draft: Draft, field: string, text: string): void {
  if (isSpoilt(text)) draft.codes.push('DIGITS_EXPONENT');
  else setText(draft, field, text);
}

/** A value, or the reason why it is none. */
function take<T>(draft: Draft, value: T | typeof UNREADABLE, code: ImportReason): T | null {
  if (value !== UNREADABLE) return value as T;
  draft.codes.push(code);
  return null;
}

function readPhone(field: 'mobile' | 'phone', rules: ReadingRules): CellReader {
  return (cell, draft) => {
    const text = plainKey(cell);
    if (text === '') return;
    if (isExponent(text)) draft.codes.push('PHONE_EXPONENT');
    else {
      const code = field === 'mobile' ? 'MOBILE_FORMAT' : 'PHONE_FORMAT';
      const number = take(draft, toPhone(text, rules.country, draft.callingCode), code);
      if (number !== null) draft.given.fields[field] = number;
    }
  };
}

function readDay(field: 'dateOfBirth' | 'tierUntil', rules: ReadingRules): CellReader {
  const isBirth = field === 'dateOfBirth';
  return (cell, draft) => {
    const text = plainKey(cell);
    if (text === '') return;
    const day = take(
      draft,
      toDay(text, { ...rules, years: isBirth ? 'past' : 'coming' }),
      isBirth ? 'DOB_FORMAT' : 'EXPIRY_FORMAT',
    );
    if (day === null) return;
    if (isBirth && (day > rules.today || day < '1900-01-01')) draft.codes.push('DOB_FORMAT');
    else if (!isBirth && day < rules.today) draft.codes.push('EXPIRY_PAST');
    else draft.given.fields[field] = day;
  };
}

function fieldReader(what: FieldKind, rules: ReadingRules): CellReader {
  switch (what.kind) {
    case 'text':
      return what.field === 'postalCode'
        ? (cell, draft) => setDigits(draft, what.field, plainText(cell))
        : (cell, draft) => setText(draft, what.field, plainText(cell));
    case 'mobile':
    case 'phone':
      return readPhone(what.field, rules);
    case 'birth':
      return readDay('dateOfBirth', rules);
    case 'expiry':
      return readDay('tierUntil', rules);
    case 'email':
      return (cell, draft) => {
        const text = plainText(cell).normalize('NFKC').toLowerCase();
        if (text === '') return;
        if (Email.safeParse(text).success) draft.given.fields.email = text;
        else draft.codes.push('EMAIL_FORMAT');
      };
    case 'gender':
      return (cell, draft) => {
        const text = plainText(cell);
        const gender = text === '' ? null : take(draft, toGender(text), 'GENDER_UNKNOWN');
        if (gender !== null) draft.given.fields.gender = gender;
      };
    case 'customerType':
      return (cell, draft) => {
        const text = plainText(cell).toLowerCase();
        if (text === 'member' || text === 'customer') draft.given.fields.customerType = text;
        else if (text !== '') draft.codes.push('CUSTOMER_TYPE_UNKNOWN');
      };
    case 'tier':
      return (cell, draft) => {
        const text = plainText(cell);
        const tier = rules.tiers.size === 0 || text === '' ? text : rules.tiers.get(foldName(text));
        if (tier === undefined) draft.codes.push('TIER_UNKNOWN');
        else setText(draft, 'tier', tier);
      };
    case 'truth':
      return (cell, draft) => {
        const isAllowed = readTruth(cell, draft);
        if (isAllowed !== null) draft.given.fields.isCreditAllowed = isAllowed;
      };
  }
}

/** Blank is no (D4): where the column is there, it says so of everybody. */
function readTruth(cell: string, draft: Draft): boolean | null {
  const text = plainKey(cell);
  return text === '' ? false : take(draft, toTruth(text), 'TRUE_FALSE');
}

function readCustom({ attribute }: Extract<ColumnKind, { kind: 'custom' }>): CellReader {
  const { attributeId, type } = attribute;
  return (cell, draft) => {
    if (type === 'yes-no') {
      const isYes = readTruth(cell, draft);
      if (isYes !== null) draft.given.custom[attributeId] = isYes ? 'yes' : null;
      return;
    }
    const text = type === 'text' ? plainText(cell) : plainKey(cell);
    // An exported list comes back: its mask says nothing of the value.
    if (text === '' || isMaskOf(attribute, text)) return;
    if (type === 'text' && isSpoilt(text)) draft.codes.push('DIGITS_EXPONENT');
    else if (fits(attribute, text)) draft.given.custom[attributeId] = text;
    else draft.codes.push('CUSTOM_FORMAT');
  };
}

function readBalance(kind: 'points' | 'credit', rules: ReadingRules): CellReader {
  return (cell, draft) => {
    const text = plainKey(cell);
    if (text === '') return;
    const value = kind === 'points' ? toUnits(text) : toMinor(text, rules.currencyDecimals);
    const units = take(draft, value, kind === 'points' ? 'POINTS_FORMAT' : 'CREDIT_FORMAT');
    if (units === null || units === 0) return;
    if (units > UNITS_MAX) draft.codes.push(kind === 'points' ? 'POINTS_FORMAT' : 'CREDIT_FORMAT');
    const hasType = kind === 'points' ? rules.hasPointsType : rules.hasCreditType;
    if (!hasType) draft.codes.push('CARD_TYPE_MISSING');
    if (kind === 'points') draft.given.points = units;
    else draft.given.creditMinor = units;
  };
}

function readGroups(rules: ReadingRules): CellReader {
  return (cell, draft) => {
    for (const word of toWords(plainText(cell))) {
      const id = rules.groups.get(foldName(word));
      if (id === undefined) draft.codes.push('GROUP_UNKNOWN');
      else draft.given.groups.push(id);
    }
    draft.given.groups = [...new Set(draft.given.groups)].sort();
  };
}

const readTags: CellReader = (cell, draft) => {
  const tags = toWords(plainText(cell));
  if (tags.length > EXTRAS_MAX || tags.some((tag) => isSegmentTag(tag) || !Tag.safeParse(tag).success))
    draft.codes.push('TAG_FORMAT');
  else draft.given.tags = tags.sort();
};

function cellReader({ what }: Column, rules: ReadingRules): CellReader {
  switch (what.kind) {
    case 'fullName':
      return (cell, draft) => {
        const { lastName, firstName } = splitName(plainText(cell));
        setText(draft, 'lastName', lastName);
        // A whole name leaves nothing of the one before.
        if (firstName.length > (TEXT_MAX['firstName'] ?? 0)) draft.codes.push('CELL_TOO_LONG');
        else if (lastName !== '') draft.given.fields.firstName = firstName;
      };
    case 'phoneCode':
      // Read before the numbers, see `createRowReader`.
      return () => undefined;
    case 'lookupId':
      return (cell, draft) => setDigits(draft, 'lookupId', plainKey(cell));
    case 'cardNumber':
      return (cell, draft) => {
        const digits = plainKey(cell).replace(/[\s-]/g, '');
        if (digits === '') return;
        if (isSpoilt(digits)) draft.codes.push('DIGITS_EXPONENT');
        else if (/^\d{16}$/.test(digits)) draft.given.cardNumber = digits;
        else draft.codes.push('CARD_NUMBER_FORMAT');
      };
    case 'points':
    case 'credit':
      return readBalance(what.kind, rules);
    case 'groups':
      return readGroups(rules);
    case 'tags':
      return readTags;
    case 'pdpa':
      return (cell, draft) => {
        if (plainKey(cell) !== '' && readTruth(cell, draft) === false) draft.codes.push('PDPA_REQUIRED');
      };
    case 'marketing':
      return (cell, draft) => {
        draft.given.marketing = readTruth(cell, draft);
      };
    case 'custom':
      return readCustom(what);
    case 'text':
    case 'mobile':
    case 'phone':
    case 'birth':
    case 'expiry':
    case 'email':
    case 'gender':
    case 'customerType':
    case 'tier':
    case 'truth':
      return fieldReader(what, rules);
  }
}

function readCallingCode(cell: string, draft: Draft): void {
  const code = plainKey(cell)
    .replace(/^(\+|00)/, '')
    .replace(/\.0$/, '');
  if (/^[1-9]\d{0,3}$/.test(code)) draft.callingCode = code;
  else if (code !== '') draft.codes.push('PHONE_CODE');
}

const CELL_CHARS_MAX = 4_000;
/** The words for an error, or the signs that stand where a column was too narrow for its number. */
const SHEET_ERROR = /^#(?:(?:REF|VALUE|NAME|NUM|NULL|N\/A|DIV\/0|SPILL|CALC)[!?]?|##+)$/;

/** What every cell is asked before it is read. */
function look(cell: string, codes: ImportReason[]): boolean {
  if (cell.length > CELL_CHARS_MAX) codes.push('CELL_TOO_LONG');
  else if (cell.startsWith('#') && SHEET_ERROR.test(cell)) codes.push('CELL_ERROR');
  else if (!isStorableText(cell)) codes.push('TEXT_UNREADABLE');
  else return true;
  return false;
}

/** What a row lacks as a whole. A run that only updates needs nothing but somebody to update. */
function checkWhole({ given, codes }: Draft, mode: ImportMode): void {
  const { fields, cardNumber, custom } = given;
  // One op carries so many: a run that began with more would stop at this row for ever.
  if (Object.keys(custom).length > EXTRAS_MAX) codes.push('CUSTOM_TOO_MANY');
  if (mode === 'create-and-update') {
    if (!fields.lastName && !fields.firstName) codes.push('NAME_MISSING');
    const isTold = codes.includes('MOBILE_FORMAT') || codes.includes('PHONE_EXPONENT');
    if (!fields.mobile && !isTold) codes.push('MOBILE_MISSING');
  } else if (cardNumber === null && !fields.lookupId && !fields.mobile && !fields.email)
    codes.push('KEY_MISSING');
}

/** @param columns One for each place of the file; null: left out. */
export function createRowReader(columns: readonly (Column | null)[], rules: ReadingRules) {
  const readers = columns.map((column) => (column === null ? null : cellReader(column, rules)));
  const codeAt = columns.findIndex((column) => column?.what.kind === 'phoneCode');
  /** @param cellFaults Cells without a value to read, by their place. */
  return (cells: readonly string[], cellFaults?: ReadonlyMap<number, ImportReason>): ReadRow => {
    const draft: Draft = {
      given: {
        ...{ fields: {}, cardNumber: null, marketing: null, points: 0, creditMinor: 0 },
        ...{ tags: [], groups: [], custom: {} },
      },
      codes: [],
      callingCode: '',
    };
    if (cells.length > readers.length && cells.slice(readers.length).some((cell) => cell.trim() !== '')) {
      draft.codes.push('CELLS_TOO_MANY');
    }
    if (codeAt >= 0) readCallingCode(cells[codeAt] ?? '', draft);
    for (const [at, read] of readers.entries()) {
      if (read === null) continue;
      const cell = cells[at] ?? '';
      const fault = cellFaults?.get(at);
      if (fault !== undefined) draft.codes.push(fault);
      else if (look(cell, draft.codes)) read(cell, draft);
    }
    checkWhole(draft, rules.mode);
    return { given: draft.given, codes: worstFirst(draft.codes) };
  };
}
export type RowReader = ReturnType<typeof createRowReader>;
