import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { ROOT } from './targets.mjs';

export default defineConfig({
  testDir: join(ROOT, 'tests/e2e'),
  outputDir: join(ROOT, 'out/test/e2e'),
  globalSetup: join(ROOT, 'tests/e2e/run-setup.ts'),
  // A till is a whole computer's program: two at once on a small machine measure each other.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 10_000 },
});
