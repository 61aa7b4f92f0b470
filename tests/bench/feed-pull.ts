import { setImmediate as nextTurn } from 'node:timers/promises';
import { applyBalancesInSlices, applyInSlices } from '../../db/replica/apply-slices.ts';
import { createLogRelief } from '../../db/replica/log-relief.ts';
import { fetchManifest, fetchSegment } from '../../electron/core/pull/checked-files.ts';
import { pullFiles } from '../../electron/core/pull/pull-files.ts';
import type { Balance } from '../../sync/feed/balance-lane.ts';
import { newId, type OpId } from '../../sync/base/ids.ts';
import { must } from '../../sync/base/must.ts';
import { EMPTY_ROWS, type Rows } from '../../sync/model/feed.ts';
import { plainBalanceBytes } from './feed-by-hand.ts';
import { makeCopy, moveAccounts, type BenchCopy, type FeedSite } from './feed-site.ts';
import { plainFigure, quantile, type Figure } from './figure.ts';
import { cardIdOf, hasStampCard, rowsOf } from './members.ts';
import { shuffled } from './random.ts';
import { openServedCore, type ServedCore } from './served-core.ts';

const MOVED = 10_000;
const BYTES_PER_BALANCE_MAX = 6;
const ROWS_PER_SECOND_MIN = 30_000;
const SLICE_MS_MAX = 40;
const STAMP_MS_MAX = 5;
const PAGES = 8;
const PAGE_MEMBERS = 1_600;
const CALM_STAMPS = 400;

/** Rows and the slices in which they were taken in: pauses are not counted. */
interface Taken {
  rows: number;
  slicesMs: number[];
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const perSecond = ({ rows, slicesMs }: Taken): number => (rows / sum(slicesMs)) * 1_000;

/** Times what lies between two pauses, and does `between` in each of them. */
async function inSlices(
  rows: number,
  between: () => Promise<void>,
  act: (pause: () => Promise<void>) => Promise<void>,
): Promise<Taken> {
  const slicesMs: number[] = [];
  let startMs = performance.now();
  await act(async () => {
    slicesMs.push(performance.now() - startMs);
    await between();
    startMs = performance.now();
  });
  slicesMs.push(performance.now() - startMs);
  return { rows, slicesMs };
}

const joined = (parts: readonly Taken[]): Taken => ({
  rows: sum(parts.map(({ rows }) => rows)),
  slicesMs: parts.flatMap(({ slicesMs }) => slicesMs),
});

/** Members who were edited, each with card and account: one after the other, or from all over the chain. */
function editedRows(
  members: number,
  page: number,
  { seq, isSpread }: { seq: number; isSpread: boolean },
): Rows {
  const made = Array.from({ length: PAGE_MEMBERS }, (_, n) => {
    const at = page * PAGE_MEMBERS + n;
    return rowsOf(isSpread ? shuffled(at, members) : at % members, seq);
  });
  return {
    ...EMPTY_ROWS,
    members: made.map(({ member }) => ({ ...member, notes: `changed ${seq}` })),
    cards: made.map(({ card }) => card),
    accounts: made.map(({ account }) => ({ ...account, accountNo: must(account.accountNo, 'numbered') + 1 })),
  };
}

/** Stamps of a till whose core shares the thread that takes the pages in. */
function createStamper(core: ServedCore, members: number) {
  let at = 0;
  return (): number => {
    do at += 1;
    while (!hasStampCard(shuffled(at, members)));
    const cardId = cardIdOf(shuffled(at, members));
    const startMs = performance.now();
    core.call('stamps.add', { opId: newId<OpId>(), cardId, count: 1 });
    return core.savedAtMs() - startMs;
  };
}

/** A segment of changed balances as it comes over the line, and what one of them costs there. */
async function fetchBalances(site: FeedSite, { parts, replica }: BenchCopy) {
  const { cursor } = replica().meta();
  await moveAccounts(site, Math.min(MOVED, Math.floor(site.members / 10)));
  await site.server.centre.feed.cutTo((await site.source.wake(0)).headSeq);
  const { segments } = await fetchManifest(parts, false);
  const ref = must(
    segments.find(({ fromSeq }) => fromSeq === cursor),
    'it was cut',
  );
  const { balances } = await fetchSegment(parts, ref);
  const bytes = must(ref.balances, 'balances moved').bytes / balances.length;
  return { balances, bytes, toSeq: ref.toSeq };
}

/** Balances, then pages of rows; a stamp in each pause. */
async function takeAllIn(
  { parts, replica }: BenchCopy,
  { balances, toSeq, members }: { balances: readonly Balance[]; toSeq: number; members: number },
  stamp: () => number,
) {
  const { epoch } = replica().meta();
  const at = { epoch, cursor: toSeq, isSettled: false };
  const log = createLogRelief(replica, parts.worker);
  const stampsMs: number[] = [];
  const between = (): Promise<void> =>
    log.between(async () => {
      await nextTurn();
      stampsMs.push(stamp());
    });
  const moved = await inSlices(balances.length, between, (pause) =>
    applyBalancesInSlices(replica(), balances, { at: { ...at, seq: toSeq }, pause }),
  );
  const takePages = async (isSpread: boolean): Promise<Taken> => {
    const pages: Taken[] = [];
    for (let page = 0; page < PAGES; page += 1) {
      const seq = toSeq + 1 + page + (isSpread ? PAGES : 0);
      const rows = editedRows(members, page, { seq, isSpread });
      pages.push(
        await inSlices(PAGE_MEMBERS * 3, between, (pause) => applyInSlices(replica(), rows, { at, pause })),
      );
    }
    return joined(pages);
  };
  const [inOrder, spread] = [await takePages(false), await takePages(true)];
  await log.end();
  return { moved, inOrder, spread, stampsMs };
}

/** What a segment costs on the line, how fast pages are taken in, and what a cashier feels of it. */
export async function benchPull(
  site: FeedSite,
  { runFolder, tillFolder }: { runFolder: string; tillFolder: string },
): Promise<Figure[]> {
  const { members } = site;
  const copy = makeCopy(site, runFolder);
  const core = await openServedCore(tillFolder);
  try {
    await pullFiles(copy.parts);
    await copy.parts.worker().tend();
    const { balances, bytes, toSeq } = await fetchBalances(site, copy);
    const stamp = createStamper(core, members);
    const calmMs = Array.from({ length: CALM_STAMPS }, stamp);
    const taken = await takeAllIn(copy, { balances, toSeq, members }, stamp);
    const plain = plainBalanceBytes(balances) / balances.length;
    const speed = (name: string, part: Taken): Figure =>
      plainFigure(name, [perSecond(part), ROWS_PER_SECOND_MIN], {
        ...{ unit: 'rows/s', text: `≥ ${ROWS_PER_SECOND_MIN} rows/s` },
        pass: perSecond(part) >= ROWS_PER_SECOND_MIN,
      });
    const slicesMs = [taken.moved, taken.inOrder, taken.spread].flatMap((part) => part.slicesMs);
    const time = (name: string, values: readonly [number, number], msMax: number): Figure =>
      plainFigure(name, values, { unit: 'ms', text: `≤ ${msMax} ms`, pass: values[0] <= msMax });
    return [
      plainFigure('bytes of a changed balance', [bytes, plain], {
        ...{ unit: 'B', text: `≤ ${BYTES_PER_BALANCE_MAX} B` },
        pass: bytes <= BYTES_PER_BALANCE_MAX,
      }),
      speed('balances taken in', taken.moved),
      speed('changed rows taken in', taken.inOrder),
      speed('changed rows from all over the chain', taken.spread),
      time('a slice of them, p99', [quantile(slicesMs, 99), quantile(slicesMs, 50)], SLICE_MS_MAX),
      time(
        'stamp to durable commit meanwhile, p99',
        [quantile(taken.stampsMs, 99), quantile(calmMs, 99)],
        STAMP_MS_MAX,
      ),
    ];
  } finally {
    await core.close();
    await copy.end();
  }
}
