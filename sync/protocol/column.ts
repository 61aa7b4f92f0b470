import { z } from 'zod';
import { canonicalJson, type Json } from '../base/canonical.ts';

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_HEX = 32;
/** Keys that a packed object may have: no `__proto__`, nothing that needs quoting anywhere. */
const KEY = /^[a-z][A-Za-z0-9]{0,39}$/;
const FORBIDDEN_KEYS = new Set(['constructor', 'prototype']);
const DEPTH_MAX = 20;

export const KeyList = z.array(z.string().refine((key) => KEY.test(key) && !FORBIDDEN_KEYS.has(key))).max(64);

const Flat = z.union([
  /** One value for every row. */
  z.tuple([z.literal('same'), z.unknown()]),
  /** Ids in lower case, 32 hex digits each, without their dashes. */
  z.tuple([z.literal('uuid'), z.string().regex(/^[0-9a-f]*$/)]),
  /** Up to 36 values, then one base-36 digit per row. */
  z.tuple([z.literal('pick'), z.array(z.unknown()).max(DIGITS.length), z.string().regex(/^[0-9a-z]*$/)]),
  z.tuple([z.literal('each'), z.array(z.unknown())]),
]);
type Flat = z.infer<typeof Flat>;

/** One value per row, in the form that packs best. `of`: objects with the same keys, a column per key. */
export const Column = z.union([Flat, z.tuple([z.literal('of'), KeyList, z.array(Flat).max(64)])]);
export type Column = z.infer<typeof Column>;

/** A batch that no till can have packed. The message names the place, never a value. */
export class BatchFault extends Error {
  override readonly name = 'BatchFault';
}

/** What is left of the size that a batch may have once unpacked, in characters of JSON. */
export interface Budget {
  left: number;
}

/** Tells values apart: a text for each, without the work of escaping one. */
const keyOf = (value: unknown): string =>
  typeof value === 'string' ? `"${value}` : canonicalJson(value as Json);

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The keys that all values have, sorted; null when they differ or a value is no object. */
function commonKeys(values: readonly unknown[]): string[] | null {
  const [first] = values;
  if (!isPlainObject(first)) return null;
  const keys = Object.keys(first).sort();
  if (!keys.every((key) => KEY.test(key) && !FORBIDDEN_KEYS.has(key))) return null;
  const text = keys.join();
  const isSame = values.every((value) => isPlainObject(value) && Object.keys(value).sort().join() === text);
  return isSame ? keys : null;
}

function packFlat(values: readonly unknown[]): Flat {
  const texts = values.map(keyOf);
  const places = new Map<string, number>();
  for (const [at, text] of texts.entries()) {
    if (!places.has(text)) places.set(text, at);
    if (places.size > DIGITS.length) break;
  }
  if (places.size <= 1) return ['same', values[0] ?? null];
  if (places.size <= DIGITS.length && places.size * 2 <= values.length) {
    const digitOf = new Map([...places.keys()].map((text, at) => [text, DIGITS.charAt(at)]));
    const digits = texts.map((text) => digitOf.get(text) ?? '').join('');
    return ['pick', [...places.values()].map((at) => values[at]), digits];
  }
  if (values.every((value) => typeof value === 'string' && UUID.test(value)))
    return ['uuid', values.join('').replaceAll('-', '')];
  return ['each', [...values]];
}

/** @param values Plain JSON. */
export function packColumn(values: readonly unknown[]): Column {
  const keys = values.length > 1 ? commonKeys(values) : null;
  if (keys === null) return packFlat(values);
  const objects = values as readonly Record<string, unknown>[];
  return ['of', keys, keys.map((key) => packFlat(objects.map((value) => value[key])))];
}

/** Characters of a value as JSON, at least. @throws BatchFault When it is nested beyond reason. */
function measure(value: unknown, depth = DEPTH_MAX): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 4;
  if (depth === 0) throw new BatchFault('a value is nested too deep');
  let size = 2;
  for (const [key, member] of Object.entries(value)) size += key.length + 4 + measure(member, depth - 1);
  return size;
}

function spend(budget: Budget, size: number): void {
  budget.left -= size;
  if (budget.left < 0) throw new BatchFault('the operations are too large together');
}

function assertRows(isRight: boolean): void {
  if (!isRight) throw new BatchFault('a column has another length than the batch');
}

function uuidAt(hex: string, row: number): string {
  const id = hex.slice(row * UUID_HEX, (row + 1) * UUID_HEX);
  return [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-');
}

function unpackFlat(column: Flat, rows: number, budget: Budget): unknown[] {
  switch (column[0]) {
    case 'same':
      spend(budget, measure(column[1]) * rows);
      return Array.from({ length: rows }, () => column[1]);
    case 'uuid':
      assertRows(column[1].length === rows * UUID_HEX);
      spend(budget, 38 * rows);
      return Array.from({ length: rows }, (_, row) => uuidAt(column[1], row));
    case 'pick': {
      const sizes = column[1].map((value) => measure(value));
      assertRows(column[2].length === rows);
      return Array.from({ length: rows }, (_, row) => {
        const place = DIGITS.indexOf(column[2].charAt(row));
        assertRows(place < sizes.length);
        spend(budget, sizes[place] ?? 0);
        return column[1][place];
      });
    }
    case 'each':
      assertRows(column[1].length === rows);
      spend(budget, measure(column[1]));
      return column[1];
  }
}

/** The values of `rows` rows. @throws BatchFault When the column does not fit, or is beyond `budget`. */
export function unpackColumn(column: Column, rows: number, budget: Budget): unknown[] {
  if (column[0] !== 'of') return unpackFlat(column, rows, budget);
  const [, keys, columns] = column;
  assertRows(keys.length === columns.length);
  const cells = columns.map((flat) => unpackFlat(flat, rows, budget));
  spend(budget, rows * keys.reduce((size, key) => size + key.length + 4, 2));
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(keys.map((key, at) => [key, cells[at]?.[row]])),
  );
}

/** Whole numbers of a column. @throws BatchFault When one of them is none. */
export function unpackInts(column: Column, rows: number, budget: Budget): number[] {
  const values = unpackColumn(column, rows, budget);
  if (!values.every((value) => Number.isSafeInteger(value))) throw new BatchFault('a number is not whole');
  return values as number[];
}
