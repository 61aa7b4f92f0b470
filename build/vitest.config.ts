import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { ROOT } from './targets.mjs';

/** One project for each kind of test below `tests/`; `vitest run --project unit` runs one. */
const project = (name: string, testTimeout: number) => ({
  test: {
    name,
    root: ROOT,
    include: [`tests/${name}/**/*.test.{ts,tsx}`],
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
      project('unit', 20_000),
      project('contract', 30_000),
      project('tidy', 60_000),
      project('sim', 600_000),
      project('storm', 300_000),
    ],
  },
});
