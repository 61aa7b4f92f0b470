import { expect, test } from 'vitest';
import { DoubleReads, PERSON_REPEAT_MS } from '../../../../drivers/decode/double-read.ts';
import type { DecodedScan, ScanKind } from '../../../../drivers/decode/scan-event.ts';

// Cast: only kind and text are looked at.
const scanOf = (kind: ScanKind, text: string) => ({ kind, text }) as DecodedScan;

test('a card held under the scanner is one scan, and again one after its time', () => {
  const reads = new DoubleReads([]);
  const card = scanOf('member-card', '6035553882471315');
  expect([0, 200, PERSON_REPEAT_MS - 1].map((atMs) => reads.isRepeat(card, atMs))).toEqual([
    false,
    true,
    true,
  ]);
  expect(reads.isRepeat(card, PERSON_REPEAT_MS)).toBe(false);
});

test('a card, another customer’s, and the first again are three scans', () => {
  const reads = new DoubleReads([]);
  const first = scanOf('member-card', '6035553882471315');
  const second = scanOf('phone', '+6591110001');
  expect([first, second, first, first].map((scan, at) => reads.isRepeat(scan, at * 100))).toEqual([
    ...[false, false, false, true],
  ]);
});
