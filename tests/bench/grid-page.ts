import type { Page } from '@playwright/test';
import { must } from '../../sync/base/must.ts';
import { PINS } from '../parts/shop.ts';
import { type Figure, type Round, timeFigure } from './figure.ts';
import { treeCpuMs } from './process-figures.ts';
import { timePaint } from './scan.ts';
import { openApp, ROOT, type Stage } from './stage.ts';

const HOT_MS_MAX = 150;
const OTHER_MS_MAX = 1_000;
const LIST_MS_MAX = 120_000;
/** Between two presses of a person: whatever the last one began is over. */
const PAUSE_MS = 400;
const ROUNDS = 5;

/** One thing that a person does to the list, and what is then to be seen. */
interface Deed {
  selector: string;
  /** Null presses it; a number scrolls to that part of the way; a text is put in as if typed or chosen. */
  put: string | number | null;
  /** `rows`: other rows; `count`: another number of members; `there`: rows at all; `at`: the row of that place. */
  until: 'rows' | 'count' | 'there' | 'at';
}

/**
 * Runs in the page: does it, and waits for the frame in which the answer stands. From the press to that frame painted,
 * the task after it included.
 */
async function paintedAfter({ selector, put, until }: Deed): Promise<number> {
  interface Part {
    dataset: Record<string, string | undefined>;
    textContent: string;
    tagName: string;
    scrollTop: number;
    scrollHeight: number;
    clientHeight: number;
    click(): void;
    dispatchEvent(event: unknown): void;
    querySelector(query: string): Part | null;
  }
  const page = globalThis as unknown as {
    document: { querySelector(query: string): Part | null; querySelectorAll(query: string): Iterable<Part> };
    requestAnimationFrame: (act: () => void) => void;
    Event: new (name: string, options: { bubbles: boolean }) => unknown;
    HTMLInputElement: { prototype: object };
    HTMLSelectElement: { prototype: object };
  };
  const part = page.document.querySelector(selector);
  if (part === null) throw new Error(`nothing to press: ${selector}`);
  const rows = (): Part[] => [...page.document.querySelectorAll('[data-testid="directory-row"]')];
  const texts = (): string =>
    rows()
      .map((row) => row.textContent)
      .join('\n');
  const count = (): string | undefined =>
    page.document.querySelector('[data-testid="directory-count"]')?.dataset['value'];
  const areThere = (): boolean =>
    rows().length > 0 && rows().every((row) => row.querySelector('[data-column]') !== null);
  const before = { texts: texts(), count: count(), at: Number(rows()[0]?.dataset['at'] ?? -1) };
  const isDone = (): boolean => {
    if (!areThere()) return false;
    if (until === 'count') return count() !== before.count;
    if (until === 'at') return Number(rows()[0]?.dataset['at']) !== before.at;
    return until === 'there' || texts() !== before.texts;
  };
  const startMs = performance.now();
  if (put === null) part.click();
  else if (typeof put === 'number') part.scrollTop = put * (part.scrollHeight - part.clientHeight);
  else {
    const { prototype } = part.tagName === 'SELECT' ? page.HTMLSelectElement : page.HTMLInputElement;
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(part, put);
    part.dispatchEvent(new page.Event(part.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }));
  }
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (isDone()) return void setTimeout(resolve, 0);
      if (performance.now() - startMs > 20_000) return reject(new Error(`nothing came of ${selector}`));
      page.requestAnimationFrame(look);
    };
    page.requestAnimationFrame(look);
  });
  return performance.now() - startMs;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const GRID = '[data-testid="directory-grid"]';
const head = (column: string): string => `[data-testid="head-${column}"]`;
const rule = (part: string): string => `[data-testid="filter-rule"] ${part}`;
const value = (nth: number): string => rule(`[role="group"] button:nth-of-type(${nth + 1})`);

/** How a figure is measured: what is done before each round, and what is timed. */
interface Measured {
  name: string;
  goalMs: number;
  rounds: number;
  before?: (round: number) => Promise<void>;
  deed: (round: number) => Deed;
}

/** @param pid the program's first process */
function createHand(page: Page, pid: number) {
  const act = (deed: Deed): Promise<number> => page.evaluate(paintedAfter, deed);
  const press = async (selector: string): Promise<void> => {
    await page.locator(selector).first().dispatchEvent('click');
    await pause(PAUSE_MS);
  };
  return {
    press,
    /** A condition of its own on a column: whatever stood there is gone. */
    ask: async (column: string, op: string): Promise<void> => {
      await page.locator(rule('select')).first().selectOption(column);
      await page.locator(rule('select')).nth(1).selectOption(op);
      await pause(PAUSE_MS);
    },
    measure: async ({ name, goalMs, rounds, before, deed }: Measured): Promise<Figure> => {
      const round: Round = { ours: [], limit: [], cpuMs: [] };
      for (let at = 0; at < rounds; at += 1) {
        await before?.(at);
        await pause(PAUSE_MS);
        round.limit.push(await timePaint(page));
        const beforeMs = treeCpuMs(pid);
        round.ours.push(await act(deed(at)));
        round.cpuMs?.push(treeCpuMs(pid) - beforeMs);
      }
      return timeFigure({ name: `grid, painted: ${name}`, of: 50 }, [round], goalMs);
    },
  };
}
type Hand = ReturnType<typeof createHand>;

const SORTED = [
  ['name', 'name'],
  ['phone', 'mobile'],
  ['creation date', 'createdAt'],
  ['last activity', 'lastActivity'],
  ['state', 'state'],
  ['tier', 'tier'],
  ['group', 'groups'],
] as const;

async function benchSorts(hand: Hand): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, column] of SORTED) {
    // Sorted by it before, so that each press turns it round.
    await hand.press(head(column));
    const deed = (): Deed => ({ selector: head(column), put: null, until: 'rows' });
    figures.push(await hand.measure({ name: `sort by ${name}`, goalMs: HOT_MS_MAX, rounds: ROUNDS, deed }));
  }
  return figures;
}

const FILTERED: readonly (readonly [name: string, column: string, op: string, deed: Measured['deed']])[] = [
  [
    'name',
    'name',
    'contains',
    (round) => ({
      selector: rule('input'),
      put: ['tan', 'wei', 'lim', 'ng', 'koh'][round] ?? '',
      until: 'count',
    }),
  ],
  [
    'phone',
    'mobile',
    'contains',
    (round) => ({ selector: rule('input'), put: String(911 + round), until: 'count' }),
  ],
  [
    'creation date',
    'createdAt',
    'between',
    (round) => ({ selector: rule('input'), put: `2024-01-0${round + 2}`, until: 'count' }),
  ],
  [
    'last activity',
    'lastActivity',
    'between',
    (round) => ({ selector: rule('input'), put: `2024-0${round + 4}-01`, until: 'count' }),
  ],
  ['state', 'state', 'anyOf', (round) => ({ selector: value(round % 3), put: null, until: 'count' })],
  ['tier', 'tier', 'anyOf', (round) => ({ selector: value(round % 3), put: null, until: 'count' })],
  ['group', 'groups', 'anyOf', (round) => ({ selector: value(round % 4), put: null, until: 'count' })],
];

async function benchFilters(hand: Hand): Promise<Figure[]> {
  const figures: Figure[] = [];
  await hand.press('[data-testid="directory-filter"]');
  for (const [name, column, op, deed] of FILTERED) {
    await hand.ask(column, op);
    figures.push(await hand.measure({ name: `filter by ${name}`, goalMs: HOT_MS_MAX, rounds: ROUNDS, deed }));
  }
  await hand.press(rule('button:last-of-type'));
  await hand.press('[data-testid="directory-filter"]');
  return figures;
}

/** First times, each once. */
const OTHERS = [
  ['e-mail', 'email'],
  ['a custom column', 'custom:source'],
] as const;

async function benchList(page: Page, pid: number): Promise<Figure[]> {
  const hand = createHand(page, pid);
  const hot = { goalMs: HOT_MS_MAX, rounds: ROUNDS };
  const opened = await hand.measure({
    ...{ ...hot, name: 'open' },
    before: async () => {
      await page.keyboard.press('Escape');
      await page.getByTestId('directory').waitFor({ state: 'detached' });
    },
    deed: () => ({ selector: '[data-testid="rail-directory"]', put: null, until: 'there' }),
  });
  const toTop = async (): Promise<void> => {
    await page.evaluate(paintedAfter, { selector: GRID, put: 0, until: 'there' as const });
  };
  const figures = [opened, ...(await benchSorts(hand)), ...(await benchFilters(hand))];
  figures.push(
    await hand.measure({
      ...{ ...hot, name: 'jump to nine tenths' },
      // Elsewhere first; each time to rows that were not read yet.
      before: toTop,
      deed: (round) => ({ selector: GRID, put: 0.9 + round / 1_000, until: 'at' }),
    }),
  );
  for (const [name, column] of OTHERS) {
    const deed = (): Deed => ({ selector: head(column), put: null, until: 'rows' });
    const measured = {
      ...{ name: `sort by ${name}, first time`, goalMs: OTHER_MS_MAX, rounds: 1, deed },
      // Rows of the old order that come into sight are no answer.
      before: toTop,
    };
    figures.push(await hand.measure(measured));
  }
  return figures;
}

/** The list as a manager sees it: from her press to the rows painted, in the real program. */
export async function benchGridPage(stage: Stage, tillFolder: string): Promise<Figure[]> {
  const { app, page } = await openApp(stage, ROOT, { COUNTERFOIL_DATA: tillFolder });
  try {
    await page.locator('[data-login="manager"]').click();
    await page.locator('input[name="pin"]').fill(PINS.manager);
    await page.keyboard.press('Enter');
    await page.getByTestId('home').waitFor();
    await page.getByTestId('rail-directory').click();
    const whole = page.locator('[data-testid="directory-count"][data-order="asked"]');
    await whole.waitFor({ timeout: LIST_MS_MAX });
    return await benchList(page, must(app.process().pid, 'the program runs'));
  } finally {
    await app.close();
  }
}
