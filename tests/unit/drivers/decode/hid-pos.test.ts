import { expect, test } from 'vitest';
import { createScanDecoder } from '../../../../drivers/decode/scan-decoder.ts';
import { decodeProfiles } from '../../../../drivers/profiles/decode.ts';
import { posReport, VECTOR_RULES } from '../../../vectors/vector.ts';

test('a long code survives that each of its reports, a Buffer, is wiped once it was pushed', () => {
  const code = `K${'0123456789'.repeat(15)}`;
  const decoder = createScanDecoder({ ...VECTOR_RULES, ...decodeProfiles['hidpos A'] });
  const told: unknown[] = [];
  for (let from = 0; from < code.length; from += 56) {
    const data = code.slice(from, from + 56);
    const isContinued = from + 56 < code.length;
    const report = Buffer.from(posReport(data, { aim: ']Q1', isContinued }), 'hex');
    for (const event of decoder.push(report, 0)) told.push(event.type === 'scan' && event.scan.text);
    report.fill(0);
  }
  expect(told).toEqual([code]);
});
