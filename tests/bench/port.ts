import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { type Figure, ratioFigure, type Round } from './figure.ts';
import type { PageBench } from './page/main.ts';
import { makeApp, openApp, ROOT, type Stage } from './stage.ts';

const ROUNDS = 7;
/** Turns within a round: both pages ask one after the other, so that both see the same machine. */
const TURNS = 8;
const PER_TURN = 25;
const RATIO_MAX = 2;

interface Sites {
  stage: Stage;
  runFolder: string;
  tillFolder: string;
}

async function buildPage(outDir: string): Promise<void> {
  const root = join(ROOT, 'tests/bench/page');
  const options = { outDir, target: 'chrome130', emptyOutDir: true, modulePreload: { polyfill: false } };
  await build({ configFile: false, root, base: './', logLevel: 'warn', build: options });
}

/** The till's own main and preload around a page that measures, and either core. */
function makePortApp(runFolder: string, page: string, core: Readonly<Record<string, string>>): string {
  const files = {
    'out/main': join(ROOT, 'out/main'),
    'out/preload': join(ROOT, 'out/preload'),
    'out/renderer': page,
    ...core,
  };
  return makeApp(runFolder, { main: 'out/main/index.cjs', files });
}

const ask = (page: Page, side: keyof PageBench, count: number): Promise<number[]> =>
  page.evaluate(([name, times]) => (globalThis as unknown as { bench: PageBench }).bench[name](times), [
    side,
    count,
  ] as const);

async function measureRounds(tillPage: Page, echoPage: Page): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let at = 0; at <= ROUNDS; at += 1) {
    const round: Round = { ours: [], limit: [] };
    for (let turn = 0; turn < TURNS; turn += 1) {
      round.limit.push(...(await ask(echoPage, 'echo', PER_TURN)));
      round.ours.push(...(await ask(tillPage, 'ping', PER_TURN)));
    }
    rounds.push(round);
  }
  // The first one warmed up.
  return rounds.slice(1);
}

/** An empty query over the port against an echo over the same preload, main and forked process. */
export async function benchPort({ stage, runFolder, tillFolder }: Sites): Promise<Figure[]> {
  const page = join(runFolder, 'page');
  await buildPage(page);
  const echoFolder = join(runFolder, 'echo');
  mkdirSync(echoFolder);
  const tillApp = makePortApp(runFolder, page, { 'out/core': join(ROOT, 'out/core') });
  const echoCore = join(ROOT, 'tests/bench/app/echo-core.cjs');
  const echoApp = makePortApp(runFolder, page, { 'out/core/index.cjs': echoCore });
  const till = await openApp(stage, tillApp, { COUNTERFOIL_DATA: tillFolder });
  const echo = await openApp(stage, echoApp, { COUNTERFOIL_DATA: echoFolder });
  try {
    await Promise.all(
      [till.page, echo.page].map((each) => each.waitForFunction(() => 'bench' in globalThis)),
    );
    const rounds = await measureRounds(till.page, echo.page);
    return [ratioFigure({ name: 'request and reply over the port', of: 50 }, rounds, RATIO_MAX)];
  } finally {
    await Promise.all([till.app.close(), echo.app.close()]);
  }
}
