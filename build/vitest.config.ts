import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { ROOT } from './targets.mjs';

/** Files that take many seconds by themselves: CI runs them, `npm run check` does not. */
const LONG = '**/*.long.test.ts';

interface Kind {
  timeoutMs: number;
  include?: string;
  exclude?: string[];
}

/** One project for each kind of test below `tests/`; `vitest run --project unit` runs one. */
const project = (
  name: string,
  { timeoutMs: testTimeout, include = `tests/${name}/**/*.test.ts`, exclude = [LONG] }: Kind,
) => ({
  test: {
    name,
    root: ROOT,
    include: [include],
    exclude,
    globalSetup: join(ROOT, 'tests/parts/run-setup.ts'),
    testTimeout,
    hookTimeout: testTimeout,
  },
});

export default defineConfig({
  root: ROOT,
  cacheDir: join(ROOT, 'node_modules/.vite'),
  test: {
    // Nothing stays mocked or faked from one test to the next.
    restoreMocks: true,
    unstubEnvs: true,
    maxWorkers: 2,
    // Files share a worker's modules: a third of all time was importing the same ones again. Our modules hold no state.
    isolate: false,
    passWithNoTests: true,
    projects: [
      project('unit', { timeoutMs: 60_000 }),
      project('contract', { timeoutMs: 60_000 }),
      project('tidy', { timeoutMs: 60_000 }),
      project('long', { timeoutMs: 120_000, include: `tests/${LONG}`, exclude: [] }),
      project('sim', { timeoutMs: 600_000 }),
      project('vm', { timeoutMs: 600_000 }),
      project('storm', { timeoutMs: 600_000 }),
    ],
  },
});
