import type { Page } from '@playwright/test';
import { PINS } from '../parts/shop.ts';
import { type Figure, plainFigure } from './figure.ts';
import { type BigReplica, makeTillFolder } from './replica.ts';
import { makeOfficeReplica } from './segments.ts';
import { openApp, ROOT, type Stage } from './stage.ts';

const TASK_MS_MAX = 50;
/** The copy of a million is read for it first. */
const DRAWN_MS_MAX = 120_000;
/** Each that is pressed makes the condition another one, and asks for its count. */
const WORDS = ['Champions', 'Loyal', 'About to leave'];

/** From now on the page keeps how long each of its own tasks took that the browser calls long (above 50 ms). */
const watchTasks = (page: Page): Promise<void> =>
  page.evaluate(() => {
    type Hear = (list: { getEntries(): { duration: number }[] }) => void;
    const window = globalThis as unknown as {
      PerformanceObserver: new (hear: Hear) => { observe(asked: { type: string }): void };
    };
    const tasks: number[] = [];
    Object.assign(globalThis, { benchTasks: tasks });
    new window.PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: 'longtask' });
  });

/** The longest since the last time it was asked for; 0 where none was long. */
const longestTask = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { benchTasks } = globalThis as unknown as { benchTasks: number[] };
    return Math.max(0, ...benchTasks.splice(0));
  });

async function openPlot(page: Page): Promise<void> {
  await page.getByTestId('rail-segments').click();
  await page.getByTestId('rfm-champions').waitFor({ timeout: DRAWN_MS_MAX });
}

async function countSegments(page: Page): Promise<void> {
  await page.getByTestId('rfm-loyal').click();
  await page.getByTestId('segment-members').waitFor({ timeout: DRAWN_MS_MAX });
  await page.getByTestId('segment-new').click();
  const found = page.getByTestId('segment-found');
  for (const word of WORDS) {
    await page.getByRole('button', { name: word, exact: true }).last().click();
    await found.filter({ hasText: /\d/ }).waitFor({ timeout: DRAWN_MS_MAX });
  }
}

/** The page of segments over a whole ledger: whatever is counted behind it, it answers to hands. */
export async function benchSegmentsPage(stage: Stage, big: BigReplica): Promise<Figure[]> {
  const folder = await makeTillFolder({ ...big, path: makeOfficeReplica(big) });
  const { app, page } = await openApp(stage, ROOT, { COUNTERFOIL_DATA: folder });
  try {
    await page.locator('[data-login="manager"]').click();
    await page.locator('input[name="pin"]').fill(PINS.manager);
    await page.keyboard.press('Enter');
    await page.getByTestId('home').waitFor();
    await watchTasks(page);
    const figures: Figure[] = [];
    for (const [name, act] of [
      ['as it opens', openPlot],
      ['while people are counted', countSegments],
    ] as const) {
      await act(page);
      const longestMs = await longestTask(page);
      figures.push(
        plainFigure(`page’s longest task ${name}, 0: none above 50 ms`, [longestMs, TASK_MS_MAX], {
          ...{ unit: 'ms', text: `≤ ${TASK_MS_MAX} ms`, pass: longestMs <= TASK_MS_MAX },
        }),
      );
    }
    return figures;
  } finally {
    await app.close();
  }
}
