import { isDigits, isGs1CheckValid, toGtin14 } from './check-digit.ts';
import { findWholeAi } from './gs1-ai.ts';

/** Longer addresses are read up to here. */
const ADDRESS_CHARS_MAX = 2048;
/** Names of the first edition of the standard, which nobody may print any more. */
const ALIASES: Readonly<Record<string, string>> = {
  gtin: '01',
  cpv: '22',
  lot: '10',
  ser: '21',
  sscc: '00',
  gsrn: '8018',
  gsrnp: '8017',
  gcn: '255',
  exp: '17',
};
/** Keys that a link may be about, and what may follow each in the path. */
const PRIMARY: Readonly<Record<string, readonly string[]>> = {
  '01': ['22', '10', '21', '235'],
  '00': [],
  '8018': ['8019'],
  '8017': ['8019'],
  '255': [],
};

export interface DigitalLink {
  readonly values: Readonly<Record<string, string>>;
  readonly issues: readonly string[];
  readonly isCheckWrong: boolean;
}

function toAi(segment: string): string | null {
  const isDigit = segment.charCodeAt(0) < 58;
  const ai = isDigit ? segment : Object.hasOwn(ALIASES, segment) ? ALIASES[segment] : undefined;
  return ai !== undefined && findWholeAi(ai) !== undefined ? ai : null;
}

function decodePart(part: string): string | null {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** Parts of an address without any help of a platform; null for what is no web address. */
function cutAddress(text: string): { segments: string[]; query: string } | null {
  const found = /^https?:\/\/[^/?#\s]+\/([^?#\s]*)(?:\?([^#\s]*))?(?:#\S*)?$/i.exec(text);
  return found === null ? null : { segments: (found[1] ?? '').split('/'), query: found[2] ?? '' };
}

/**
 * A GS1 Digital Link on any host and behind any path: the last primary key in the path, its qualifiers, and
 * attributes in the query. Nothing is ever fetched. Null for any other text.
 */
export function readDigitalLink(text: string): DigitalLink | null {
  if (text.length > ADDRESS_CHARS_MAX || !/^https?:\/\//i.test(text)) return null;
  const address = cutAddress(text);
  if (address === null) return null;
  const { segments, query } = address;
  const start = findPrimary(segments);
  if (start === -1) return null;
  const values: Record<string, string> = {};
  const issues = new Set<string>();
  const add = (ai: string, value: string | null): void => {
    const normal = value === null ? null : ai === '01' ? toGtin(value) : value;
    const form = findWholeAi(ai)?.form;
    const isRight =
      normal !== null &&
      form !== undefined &&
      normal.length >= form.lengthMin &&
      normal.length <= form.lengthMax &&
      (!form.isNumeric || isDigits(normal));
    if (isRight) values[ai] = normal;
    else issues.add('gs1-syntax');
  };
  addPath(segments.slice(start), add, issues);
  addQuery(query, add);
  const primary = toAi(segments[start] ?? '') ?? '';
  const checked = findWholeAi(primary)?.form.checkedLength ?? 0;
  const key = values[primary];
  if (key === undefined) return null;
  return { values, issues: [...issues], isCheckWrong: !isGs1CheckValid(key, checked) };
}

const toGtin = (digits: string): string =>
  [8, 12, 13].includes(digits.length) && isDigits(digits) ? toGtin14(digits) : digits;

function findPrimary(segments: readonly string[]): number {
  return segments.findLastIndex((segment, at) => {
    const ai = toAi(segment);
    const value = segments[at + 1] ?? '';
    return ai !== null && Object.hasOwn(PRIMARY, ai) && isDigits(value) && value.length >= 8;
  });
}

type Add = (ai: string, value: string | null) => void;

function addPath(segments: readonly string[], add: Add, issues: Set<string>): void {
  const primary = toAi(segments[0] ?? '') ?? '';
  const qualifiers = PRIMARY[primary] ?? [];
  for (let at = 0; at + 1 < segments.length; at += 2) {
    const ai = toAi(segments[at] ?? '');
    if (ai === null || (at > 0 && !qualifiers.includes(ai))) {
      issues.add('gs1-syntax');
      return;
    }
    add(ai, decodePart(segments[at + 1] ?? ''));
  }
}

/** Keys that are no identifiers are the host's own business. */
function addQuery(query: string, add: Add): void {
  for (const pair of query.split(/[&;]/).slice(0, 64)) {
    const equals = pair.indexOf('=');
    const ai = equals === -1 ? null : toAi(pair.slice(0, equals));
    if (ai !== null) add(ai, decodePart(pair.slice(equals + 1)));
  }
}
