import {
  emailKey,
  lookupIdKey,
  nameKeys,
  phoneKeys,
  type KeySeek,
  type SearchKeySource,
} from '../../../sync/base/search-key.ts';
import { isRemoved } from '../../../sync/model/extras.ts';
import type { MemberRow } from '../../../sync/model/member.ts';

/** What the copy's keys are made of; whoever was removed has none. */
export type FiledMember = SearchKeySource & Pick<MemberRow, 'extras'>;

/**
 * The keys under which the copy files a member: those of `searchKeys`, but of a phone's tails only every
 * second. A part of a number that begins at a tail left out is found one digit earlier, with each digit
 * before it in turn: ten more looks for one search, and four keys in ten less for each member.
 */
export function replicaKeys(member: FiledMember): string[] {
  if (member.extras !== '' && isRemoved(member)) return [];
  const keys = new Set<string>();
  for (const key of nameKeys(member.lastName, member.firstName)) keys.add(`n${key}`);
  for (const phone of [member.mobile, member.phone]) {
    if (phone === null) continue;
    const tails = phoneKeys(phone);
    for (let at = 0; at < tails.length; at += 2) keys.add(`p${tails[at] ?? ''}`);
  }
  if (member.email !== null) keys.add(`e${emailKey(member.email)}`);
  keys.add(`l${lookupIdKey(member.lookupId)}`);
  keys.add(`l${lookupIdKey(member.supportId)}`);
  // The rules that `searchKeys` follows may give an empty text; it finds nobody.
  return [...keys].filter((key) => key.length > 1);
}

/** One range to look at. `cut` digits stand in front of the key that was asked for. */
export interface FiledSeek {
  seek: KeySeek;
  cut: 0 | 1;
}

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** The ranges that answer a seek over `searchKeys`. A whole number is never a tail that was left out. */
export function filedSeeks(seek: KeySeek): FiledSeek[] {
  const asked: FiledSeek = { seek, cut: 0 };
  if (!seek.key.startsWith('p') || !seek.isPrefix) return [asked];
  const digits = seek.key.slice(1);
  return [
    asked,
    ...DIGITS.map((digit): FiledSeek => ({ seek: { ...seek, key: `p${digit}${digits}` }, cut: 1 })),
  ];
}

/** The key as `searchKeys` has it, of one that a range found: results keep its order. */
export const askedKey = (key: string, cut: 0 | 1): string => (cut === 0 ? key : key.charAt(0) + key.slice(2));
