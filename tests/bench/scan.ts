import type { Page } from '@playwright/test';
import { PINS } from '../parts/shop.ts';
import { createPtyCable, type PtyCable } from '../parts/pty.ts';
import { type Figure, type Round, timeFigure } from './figure.ts';
import { cardNumberOf } from './members.ts';
import { shuffled } from './random.ts';
import { openApp, ROOT, type Stage } from './stage.ts';

const ROUNDS = 5;
const PER_ROUND = 30;
const WARM_UP = 10;
const PAINTED_MS_MAX = 60;
const SCAN_MS_MAX = 5_000;
const LOOK_MS = 15;
/** A cashier's pace would be slower; a till must not need longer. */
const PAUSE_MS = 120;
/** Whatever the two clocks were started by, their steps are compared so often. */
const CLOCK_READS = 200;

interface Sites {
  stage: Stage;
  tillFolder: string;
  members: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What is added to `performance.now()` to get the wall clock, finer than `Date.now()` says it. */
function clockOffset(reads: number): number {
  let offset = -Infinity;
  for (let at = 0; at < reads; at += 1) {
    const wallMs = Date.now();
    offset = Math.max(offset, wallMs - performance.now());
    for (const untilMs = performance.now() + 0.1; performance.now() < untilMs;);
  }
  return offset;
}

const paintMarks = (page: Page): Promise<number[]> =>
  page.evaluate(() => performance.getEntriesByName('member-painted').map((mark) => mark.startTime));

/** The limit: a word of the page is changed, and painted. */
export const timePaint = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((done) => {
        const startMs = performance.now();
        const { document, requestAnimationFrame } = globalThis as unknown as {
          document: { title: string; body: { style: { outline: string } } };
          requestAnimationFrame: (act: () => void) => void;
        };
        document.body.style.outline = document.body.style.outline === '' ? '1px solid red' : '';
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - startMs), 0));
      }),
  );

async function signIn(page: Page): Promise<void> {
  await page.locator('[data-login="cashier"]').click();
  await page.locator('input[name="pin"]').fill(PINS.cashier);
  await page.keyboard.press('Enter');
  await page.getByTestId('home').waitFor();
}

interface Counter {
  page: Page;
  cable: PtyCable;
  /** Page's clock minus ours, both as `performance.now()`. */
  aheadMs: number;
}

/** @returns milliseconds from before the write to the mark that the page sets when the member is painted */
async function timeScan({ page, cable, aheadMs }: Counter, cardNumber: string): Promise<number> {
  const seen = (await paintMarks(page)).length;
  const sentMs = performance.now();
  cable.send(`${cardNumber}\r`);
  while (performance.now() - sentMs < SCAN_MS_MAX) {
    await pause(LOOK_MS);
    const paintedMs = (await paintMarks(page))[seen];
    if (paintedMs !== undefined) return paintedMs - aheadMs - sentMs;
  }
  throw new Error('a scan brought no member within five seconds');
}

async function measureRounds(counter: Counter, members: number): Promise<Round[]> {
  let task = 0;
  const scan = (): Promise<number> => timeScan(counter, cardNumberOf(shuffled((task += 1), members)));
  for (let at = 0; at < WARM_UP; at += 1) await scan();
  const rounds: Round[] = [];
  for (let at = 0; at < ROUNDS; at += 1) {
    const round: Round = { ours: [], limit: [] };
    for (let turn = 0; turn < PER_ROUND; turn += 1) {
      await pause(PAUSE_MS);
      round.limit.push(await timePaint(counter.page));
      await pause(PAUSE_MS);
      round.ours.push(await scan());
    }
    rounds.push(round);
  }
  return rounds;
}

/**
 * From the last byte of a scan at the pty to the member on the screen, against the painting of any change at
 * all.
 */
export async function benchScan({ stage, tillFolder, members }: Sites): Promise<Figure[]> {
  const cable = await createPtyCable();
  const env = { COUNTERFOIL_DATA: tillFolder, COUNTERFOIL_SCANNER: cable.path };
  const { app, page } = await openApp(stage, ROOT, env);
  try {
    await signIn(page);
    const ahead = await page.evaluate(clockOffset, CLOCK_READS);
    const aheadMs = clockOffset(CLOCK_READS) - ahead;
    const rounds = await measureRounds({ page, cable, aheadMs }, members);
    return [
      timeFigure({ name: 'last byte of a scan to the member painted', of: 95 }, rounds, PAINTED_MS_MAX),
    ];
  } finally {
    await app.close();
    await cable.dispose();
  }
}
