import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

/** @type {Readonly<Count>} */
export const ONE_PASSED = { passed: 1, failed: 0, skipped: 0 };
/** @type {Readonly<Count>} */
export const ONE_FAILED = { passed: 0, failed: 1, skipped: 0 };
/** @type {Readonly<Count>} */
export const ONE_SKIPPED = { passed: 0, failed: 0, skipped: 1 };

/** @type {(counts: Count[]) => Count} */
export const sum = (counts) =>
  counts.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );

/**
 * What a runner's own report says. A run that fails without a failed test, such as a file that does not load, still
 * counts as one failure, and so does a missing report.
 *
 * @param {string} path
 * @param {number} exitCode
 * @param {(report: Record<string, any>) => Count} read
 * @returns {Count}
 */
function readReport(path, exitCode, read) {
  if (!existsSync(path)) return ONE_FAILED;
  const count = read(JSON.parse(readFileSync(path, 'utf8')));
  return exitCode !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** @type {(path: string, exitCode: number) => Count} */
export const countVitest = (path, exitCode) =>
  readReport(path, exitCode, ({ numPassedTests, numFailedTests, numPendingTests, numTodoTests }) => ({
    passed: numPassedTests,
    failed: numFailedTests,
    skipped: numPendingTests + numTodoTests,
  }));

/** @type {(path: string, exitCode: number) => Count} */
export const countPlaywright = (path, exitCode) =>
  readReport(path, exitCode, ({ stats: { expected, unexpected, flaky, skipped } }) => ({
    passed: expected,
    failed: unexpected + flaky,
    skipped,
  }));
