import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openFile } from '../../db/open.ts';
import type { CallInput, CoreClient } from '../../electron/contract/index.ts';
import { newId, type MemberId, type OpId } from '../../sync/base/ids.ts';
import { dayNumber } from '../../sync/segments/columns.ts';
import { NO_FILTER } from '../../sync/model/register.ts';
import { KEY_HEX } from '../parts/till.ts';
import { openDesk, untilReady } from './desk.ts';
import { type Figure, median, ownCpuMs, plainFigure, timed } from './figure.ts';
import { rowsOf } from './members.ts';
import { watchOwnTasks } from './own-tasks.ts';
import { type BigReplica, makeTillFolder } from './replica.ts';
import { makeOfficeReplica } from './segments.ts';

const SAMPLES = 2_000;
const TASK_MS_MAX = 50;
const ANSWER_MS_MAX = 150;
const BYTES_PER_MB = 1024 * 1024;
const rssMb = (): number => process.memoryUsage().rss / BYTES_PER_MB;

const FIRST_PAGE: CallInput<'directory.page'> = {
  ...{ filter: NO_FILTER, search: '', sort: { column: 'name', direction: 'up' }, offset: 0, limit: 100 },
  columns: ['name', 'mobile', 'tier', 'state', 'cards', 'lastActivity', 'createdAt'],
};

/** A segment whose reasons are told on the till. */
const saveSegment = (core: CoreClient): Promise<unknown> =>
  core['documents.save']({
    ...{ opId: newId<OpId>(), kind: 'segment', id: 'regulars', baseVersion: 0 },
    body: {
      ...{ segmentId: 'regulars', version: 1, name: 'Regulars', match: 'all' },
      conditions: [
        { test: 'atLeast', field: 'purchases', number: 8 },
        { test: 'oneOf', field: 'marketing', values: ['yes'] },
      ],
    },
  });

interface Bought {
  memberId: MemberId;
  figures: readonly [lastActive: number, purchases: number, spent: number];
}

/** Recency and frequency of everybody, worked out from the file by sorting: what each till's word must be. */
function scoreByHand(path: string): Map<MemberId, readonly number[]> {
  const raw = openFile({ path, keyHex: KEY_HEX, file: 'replica' });
  const rows = raw
    .prepare<[], [MemberId, number, number, number]>(
      `SELECT member_id, max(last_entry_at_ms), sum(purchase_count), sum(spent_minor) FROM accounts
       GROUP BY member_id HAVING sum(purchase_count) > 0`,
    )
    .raw()
    .all();
  raw.close();
  const bought = rows.map(([memberId, lastMs, ...rest]): Bought => ({
    memberId,
    figures: [dayNumber(lastMs), ...rest],
  }));
  const borders = [0, 1, 2].map((at) => {
    const sorted = Float64Array.from(bought, ({ figures }) => figures[at] ?? 0).sort();
    return [1, 2, 3, 4].map((fifth) => sorted[Math.ceil((sorted.length * fifth) / 5) - 1] ?? 0);
  });
  return new Map(
    bought.map(({ memberId, figures }) => [
      memberId,
      figures.map((figure, at) => 1 + (borders[at] ?? []).filter((border) => figure > border).length),
    ]),
  );
}

/** How many squares of the plot hold another number of people than by hand. */
async function differingSquares(core: CoreClient, people: ReadonlyMap<string, number>): Promise<number> {
  const { grid } = await core['segments.rfm']({});
  return grid.filter(
    ({ recency, frequency, members }) => (people.get(`${recency} ${frequency}`) ?? 0) !== members,
  ).length;
}

/** What is compared: how many people each square has, and the scores of some of them. */
function expectedOf(path: string) {
  const byHand = [...scoreByHand(path)];
  const people = new Map<string, number>();
  for (const [, [recency, frequency]] of byHand) {
    const square = `${recency} ${frequency}`;
    people.set(square, (people.get(square) ?? 0) + 1);
  }
  const step = Math.max(1, Math.floor(byHand.length / SAMPLES));
  return { people, asked: byHand.filter((_, at) => at % step === 0) };
}

/** What a till says of each of some members beside what was worked out by hand. */
async function askMembers(core: CoreClient, asked: ReturnType<typeof expectedOf>['asked']) {
  const times: number[] = [];
  let differing = 0;
  for (const [memberId, scores] of asked) {
    let told: readonly (number | undefined)[] = [];
    times.push(
      await timed(async () => {
        const { rfm } = await core['segments.forMember']({ memberId });
        told = [rfm?.recency, rfm?.frequency, rfm?.money];
      }),
    );
    if (scores.some((score, at) => score !== told[at])) differing += 1;
    // A page asks from outside: thousands of answers within one turn would count as one task of the core.
    await nextTurn();
  }
  return { answerMs: median(times), differing };
}

async function untilDrawn(core: CoreClient, memberId: MemberId): Promise<number> {
  return timed(async () => {
    while ((await core['segments.forMember']({ memberId })).isDrawing)
      await new Promise((resolve) => setTimeout(resolve, 20));
  });
}

type Unit = 'ms' | 'MB' | 'members' | 'squares';
const line = (name: string, value: number, [unit, most]: readonly [Unit, number | null]): Figure =>
  plainFigure(name, [value, 1], {
    ...{ unit, text: most === null ? 'no goal' : `≤ ${most} ${unit}` },
    pass: most === null || value <= most,
  });

/** From nothing until the list and segments are there: times in milliseconds, memory in MB. */
async function begin(core: CoreClient, beforeMb: number) {
  const endWatch = watchOwnTasks();
  const firstMs = await timed(() => core['directory.page'](FIRST_PAGE));
  const cpuBefore = ownCpuMs();
  const listMs = await untilReady(core);
  const listCpuMs = ownCpuMs() - cpuBefore;
  const listMb = rssMb() - beforeMb;
  await saveSegment(core);
  const drawnMs = await untilDrawn(core, rowsOf(0, 0).member.memberId);
  return { firstMs, listMs, listCpuMs, listMb, drawnMs, mb: rssMb() - beforeMb, longestMs: endWatch() };
}

/** One core over a copy: the list, and segments that explain themselves (N19). */
async function measureCopy(who: string, folder: string): Promise<Figure[]> {
  const beforeMb = rssMb();
  const startMs = performance.now();
  const { core, close } = await openDesk(folder);
  const openMs = performance.now() - startMs;
  try {
    const begun = await begin(core, beforeMb);
    const { asked, people } = expectedOf(join(folder, 'replica.db'));
    const endWatch = watchOwnTasks();
    const { answerMs, differing } = await askMembers(core, asked);
    const squares = await differingSquares(core, people);
    const longestMs = Math.max(begun.longestMs, endWatch());
    return [
      line(`${who}: core opens and somebody signs in`, openMs, ['ms', null]),
      line(`${who}: first rows of the list`, begun.firstMs, ['ms', ANSWER_MS_MAX]),
      line(`${who}: the list is made, in the background`, begun.listMs, ['ms', null]),
      line(`${who}: the same, time of the processor`, begun.listCpuMs, ['ms', null]),
      line(`${who}: memory with the list`, begun.listMb, ['MB', null]),
      line(`${who}: the chain’s fifths are drawn, in the background`, begun.drawnMs, ['ms', null]),
      line(`${who}: a member’s segments with reasons, p50`, answerMs, ['ms', ANSWER_MS_MAX]),
      line(`${who}: memory with the fifths`, begun.mb, ['MB', null]),
      line(`${who}: scores other than by hand, of ${asked.length}`, differing, ['members', 0]),
      line(`${who}: squares of the plot other than by hand`, squares, ['squares', 0]),
      line(`${who}: core’s longest task`, longestMs, ['ms', TASK_MS_MAX]),
    ];
  } finally {
    await close();
  }
}

/** A till and an office at their desk: the office's copy holds the whole ledger, ten entries a member. */
export async function benchOffice(big: BigReplica, tillFolder: string): Promise<Figure[]> {
  const till = await measureCopy('till', tillFolder);
  const path = makeOfficeReplica(big);
  return [...till, ...(await measureCopy('office', await makeTillFolder({ ...big, path })))];
}
