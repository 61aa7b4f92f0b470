import type { AccountRow, CardRow } from '../model/card.ts';
import type { MemberRow } from '../model/member.ts';
import { CARD_PROPS, MEMBER_PROPS } from './columns.ts';
import { spentLevel } from '../model/spent-level.ts';

/**
 * Digests compare a replica with the centre bucket by bucket, so that a difference costs a thousandth of the
 * rows and not a new copy. A row's hash has 48 bits: exact as a number of JavaScript and PostgreSQL alike, and
 * a sum of 32,000 of them fits a 64-bit column. It finds mistakes; against forgery stand signatures, and the
 * state hash of `sync/merge` is the proof.
 */
export const BUCKETS = 1_024;
export const DIGEST_MODULUS = 2 ** 48;
const MINUTE_MS = 60_000;

const TABLES = ['members', 'cards', 'accounts'] as const;
export type DigestTable = (typeof TABLES)[number];
export const DIGEST_TABLES: readonly DigestTable[] = TABLES;

/** Two lanes of 32 bits over the text's code units; the second gives 16 bits. */
function hashText(text: string): number {
  let left = 0x9e3779b9;
  let right = 0x85ebca6b;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    left = Math.imul(left ^ unit, 0x01000193);
    right = Math.imul(right ^ unit, 0xc2b2ae35);
    right ^= right >>> 13;
  }
  return joinLanes(finish(left ^ (right >>> 7)), finish(right ^ Math.imul(left, 0x27d4eb2f)));
}

function finish(lane: number): number {
  let mixed = lane ^ (lane >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const joinLanes = (left: number, right: number): number => left * 0x10000 + (right & 0xffff);

/** `seq` is left out: it says as of when a replica knows the row, and differs between replicas. */
const valuesOf = (row: object, props: readonly string[]): string => {
  const values = row as Record<string, unknown>;
  return JSON.stringify(props.map((prop) => (prop === 'seq' ? 0 : values[prop])));
};

const PLAIN_PROPS = MEMBER_PROPS.filter((prop) => prop !== 'extras');
/** Extras count where there are some, so that most rows hash as before there were any, and as fast. */
export const memberHash = (row: MemberRow): number =>
  hashText(valuesOf(row, row.extras === '' ? PLAIN_PROPS : MEMBER_PROPS));
export const cardHash = (row: CardRow): number => hashText(valuesOf(row, CARD_PROPS));

/** Of what never changes in an account; kept beside the row, so that a new balance needs no texts read. */
export const accountKinHash = (row: Pick<AccountRow, 'accountId' | 'memberId' | 'cardTypeId'>): number =>
  hashText(`${row.accountId} ${row.memberId} ${row.cardTypeId}`);

export interface AccountFigures {
  kinHash: number;
  accountNo: number;
  balance: number;
  entryCount: number;
  lastEntryAtMs: number;
  purchaseCount: number;
  spentMinor: number;
}

/** Of an account as a whole, from its kin's hash and its figures: seven numbers, no text. */
export function accountHash(figures: AccountFigures): number {
  let left = 0x9e3779b9;
  let right = 0x85ebca6b;
  const take = (value: number): void => {
    // Both halves: balances may be below zero and beyond 32 bits.
    const high = Math.floor(value / 0x1_0000_0000);
    left = finish(left ^ (value | 0)) ^ Math.imul(high, 0x27d4eb2f);
    right = Math.imul(right ^ left, 0xc2b2ae35) ^ (right >>> 15);
  };
  take(figures.kinHash);
  take(figures.accountNo);
  take(figures.balance);
  take(figures.entryCount);
  take(Math.floor(figures.lastEntryAtMs / MINUTE_MS));
  take(figures.purchaseCount);
  take(spentLevel(figures.spentMinor, figures.purchaseCount));
  return joinLanes(finish(left), finish(right));
}

export const accountRowHash = (row: AccountRow): number =>
  accountHash({
    kinHash: accountKinHash(row),
    accountNo: row.accountNo ?? 0,
    balance: row.balance,
    entryCount: row.entryCount,
    lastEntryAtMs: row.lastEntryAtMs,
    purchaseCount: row.purchaseCount,
    spentMinor: row.spentMinor,
  });

/** By the id's last three digits, which are random in every version of UUID in use. */
export const bucketOfId = (id: string): number => Number.parseInt(id.slice(-3), 16) % BUCKETS;
export const bucketOfNo = (accountNo: number): number => accountNo % BUCKETS;

/** Of one table: how many rows each bucket has, and the sum of their hashes. */
export interface TableDigest {
  counts: number[];
  sums: number[];
}

export const emptyDigest = (): TableDigest => ({
  counts: Array.from<number>({ length: BUCKETS }).fill(0),
  sums: Array.from<number>({ length: BUCKETS }).fill(0),
});

/** A sum, not XOR: two equal rows would cancel. Order does not matter. */
export function addToDigest(digest: TableDigest, bucket: number, add: { count: number; sum: number }): void {
  digest.counts[bucket] = (digest.counts[bucket] ?? 0) + add.count;
  digest.sums[bucket] = ((digest.sums[bucket] ?? 0) + add.sum) % DIGEST_MODULUS;
}

/** Buckets in which the two differ, in order. */
export const differingBuckets = (left: TableDigest, right: TableDigest): number[] =>
  left.counts.flatMap((count, bucket) =>
    count === right.counts[bucket] && left.sums[bucket] === right.sums[bucket] ? [] : [bucket],
  );
