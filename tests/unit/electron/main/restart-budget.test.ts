import { expect, test } from 'vitest';
import {
  createRestartBudget,
  RESTART_WINDOW_MS,
  RESTARTS_MAX,
} from '../../../../electron/main/restart-budget.ts';

test('a core may restart five times within a minute, and again when the first is a minute old', () => {
  let nowMs = 1_000;
  const mayRestart = createRestartBudget(() => nowMs);
  for (let count = 0; count < RESTARTS_MAX; count += 1) {
    expect(mayRestart()).toBe(true);
    nowMs += 10;
  }
  expect(mayRestart()).toBe(false);
  nowMs = 1_000 + RESTART_WINDOW_MS;
  expect(mayRestart()).toBe(true);
  expect(mayRestart()).toBe(false);
});
