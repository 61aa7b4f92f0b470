import { createByteReader, createByteWriter } from './varint.ts';

/** What a balance lane says of an account; the rest of its row never changes. */
export interface Balance {
  accountNo: number;
  balance: number;
  entryCount: number;
  /** A whole minute. */
  lastEntryAtMs: number;
}

const LANE_FORM = 1;
const MINUTE_MS = 60_000;
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
  return writer.bytes();
}

/** @throws When the bytes are not a balance lane of this form. */
export function decodeBalances(bytes: Uint8Array): Balance[] {
  const reader = createByteReader(bytes);
  if (reader.unsigned() !== LANE_FORM) throw new Error('balance lane: another form');
  const count = reader.unsigned();
  // Each balance takes four bytes or more.
  if (count > BALANCES_MAX || count * 4 > bytes.length) throw new Error('balance lane: a broken length');
  const latest = reader.unsigned();
  const balances: Balance[] = [];
  let before = -1;
  for (let at = 0; at < count; at += 1) {
    before += reader.unsigned() + 1;
    balances.push({ accountNo: before, balance: 0, entryCount: 0, lastEntryAtMs: 0 });
  }
  for (const each of balances) each.balance = reader.signed();
  for (const each of balances) each.entryCount = reader.unsigned();
  for (const each of balances) each.lastEntryAtMs = (latest - reader.unsigned()) * MINUTE_MS;
  reader.end();
  return balances;
}
