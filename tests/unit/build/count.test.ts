import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { countPlaywright, countVitest, sum } from '../../../build/test/count.mjs';

const folder = mkdtempSync(join(tmpdir(), 'counterfoil-count-'));
afterAll(() => rmSync(folder, { recursive: true }));

function report(name: string, content: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

test('a report counts as it says', () => {
  const vitest = report('v.json', {
    numPassedTests: 5,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 1,
  });
  const playwright = report('p.json', { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 } });
  expect(sum([countVitest(vitest, 1), countPlaywright(playwright, 1)])).toEqual({
    passed: 8,
    failed: 3,
    skipped: 3,
  });
});

test('a run that fails without a failed test, or without a report, is one failure', () => {
  const green = report('g.json', {
    numPassedTests: 5,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
  });
  expect(countVitest(green, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
  expect(countVitest(join(folder, 'none.json'), 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
