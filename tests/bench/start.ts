import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, ratioFigure, type Round } from './figure.ts';
import { makeApp, ROOT, type Stage } from './stage.ts';

const STARTS = 7;
const RATIO_MAX = 1.5;

interface Sites {
  stage: Stage;
  runFolder: string;
  tillFolder: string;
}

interface Program {
  main: string;
  /** What is there once a person can begin. */
  selector: string;
  dataFolder: string;
}

/** @returns milliseconds from the start of the process to the painted element */
async function timeStart(
  { stage, runFolder }: Sites,
  { main, selector, dataFolder }: Program,
): Promise<number> {
  const watcher = { 'main.cjs': join(ROOT, 'tests/bench/app/watch-main.cjs') };
  const app = makeApp(runFolder, { main: 'main.cjs', files: watcher });
  const env = {
    ...stage.env,
    COUNTERFOIL_DATA: dataFolder,
    COUNTERFOIL_BENCH_MAIN: main,
    COUNTERFOIL_BENCH_SELECTOR: selector,
  };
  const startMs = Date.now();
  const child = stage.startChild(stage.executablePath, [...stage.switches, app], {
    name: 'bench',
    env,
    // Chromium complains about a machine without graphics; a start that fails says so by not painting.
    toWords: () => undefined,
  });
  const paintedMs = Number(await child.line('painted '));
  await child.end();
  return paintedMs - startMs;
}

/**
 * From nothing to a till that asks who works at it, its files open and its core served, against a window of
 * the same Electron with one word in it.
 */
export async function benchStart(sites: Sites): Promise<Figure[]> {
  const blankFolder = join(sites.runFolder, 'blank');
  mkdirSync(blankFolder);
  const till = {
    main: join(ROOT, 'out/main/index.cjs'),
    selector: '[data-login]',
    dataFolder: sites.tillFolder,
  };
  const blank = {
    main: join(ROOT, 'tests/bench/app/blank-main.cjs'),
    selector: 'p',
    dataFolder: blankFolder,
  };
  const rounds: Round[] = [];
  for (let at = 0; at <= STARTS; at += 1) {
    const limit = await timeStart(sites, blank);
    rounds.push({ limit: [limit], ours: [await timeStart(sites, till)] });
  }
  // The first start of each made its browser profile.
  return [ratioFigure({ name: 'start to ready to scan', of: 50 }, rounds.slice(1), RATIO_MAX)];
}
