import { SPENT_LEVELS, spentLevel, spentOfLevel } from '../model/spent-level.ts';
import { createByteReader, createByteWriter } from './varint.ts';

/** What a balance lane says of an account; the rest of its row never changes. */
export interface Balance {
  accountNo: number;
  balance: number;
  entryCount: number;
  /** A whole minute. */
  lastEntryAtMs: number;
  purchaseCount: number;
  /** Exact at the centre; out of a lane as `roundSpent` has it. */
  spentMinor: number;
}

const LANE_FORM = 2;
const MINUTE_MS = 60_000;
const NO_FIGURES = { balance: 0, entryCount: 0, lastEntryAtMs: 0, purchaseCount: 0, spentMinor: 0 };
/** More than any segment holds; a broken length must not make a program ask for all memory. */
const BALANCES_MAX = 5_000_000;

/**
 * Balances in order of `accountNo`, column by column: each column compresses well by itself. Account numbers
 * as steps from the one before, minutes as distance from the lane's latest.
 *
 * @param balances Sorted by `accountNo`, each account once. `lastEntryAtMs` is cut to the minute.
 */
export function encodeBalances(balances: readonly Balance[]): Uint8Array {
  const writer = createByteWriter();
  const minutes = balances.map((each) => Math.floor(each.lastEntryAtMs / MINUTE_MS));
  const latest = minutes.reduce((max, minute) => Math.max(max, minute), 0);
  writer.unsigned(LANE_FORM);
  writer.unsigned(balances.length);
  writer.unsigned(latest);
  let before = -1;
  for (const { accountNo } of balances) {
    writer.unsigned(accountNo - before - 1);
    before = accountNo;
  }
  for (const { balance } of balances) writer.signed(balance);
  for (const { entryCount } of balances) writer.unsigned(entryCount);
  for (const minute of minutes) writer.unsigned(latest - minute);
  // Nearly as many as entries, as a rule: the difference is the shorter number.
  for (const { entryCount, purchaseCount } of balances) writer.signed(entryCount - purchaseCount);
  for (const { spentMinor, purchaseCount } of balances)
    writer.unsigned(spentLevel(spentMinor, purchaseCount));
  return writer.bytes();
}

function readLevel(reader: ReturnType<typeof createByteReader>): number {
  const level = reader.unsigned();
  if (level > SPENT_LEVELS) throw new Error('balance lane: no such level');
  return level;
}

/** @throws When the bytes are not a balance lane of this form. */
export function decodeBalances(bytes: Uint8Array): Balance[] {
  const reader = createByteReader(bytes);
  if (reader.unsigned() !== LANE_FORM) throw new Error('balance lane: another form');
  const count = reader.unsigned();
  // Each balance takes six bytes or more.
  if (count > BALANCES_MAX || count * 6 > bytes.length) throw new Error('balance lane: a broken length');
  const latest = reader.unsigned();
  const balances: Balance[] = [];
  let before = -1;
  for (let at = 0; at < count; at += 1) {
    before += reader.unsigned() + 1;
    balances.push({ accountNo: before, ...NO_FIGURES });
  }
  for (const each of balances) each.balance = reader.signed();
  for (const each of balances) each.entryCount = reader.unsigned();
  for (const each of balances) each.lastEntryAtMs = (latest - reader.unsigned()) * MINUTE_MS;
  for (const each of balances) each.purchaseCount = each.entryCount - reader.signed();
  for (const each of balances) each.spentMinor = spentOfLevel(readLevel(reader), each.purchaseCount);
  reader.end();
  return balances;
}
