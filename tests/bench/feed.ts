import { openFile } from '../../db/open.ts';
import { applyBalancesInSlices, applyInSlices } from '../../db/replica/apply-slices.ts';
import { scrubDigests } from '../../db/replica/bulk/scrub-digests.ts';
import { openReplica } from '../../db/replica/open.ts';
import { fetchManifest, fetchSegment } from '../../electron/core/pull/checked-files.ts';
import { checkDigests } from '../../electron/core/pull/check-digests.ts';
import { pullFiles } from '../../electron/core/pull/pull-files.ts';
import { must } from '../../sync/base/must.ts';
import { EMPTY_ROWS } from '../../sync/model/feed.ts';
import { overHttp, TestTill } from '../unit/crm/test-till.ts';
import { bootstrapByHand, plainBalanceBytes } from './feed-by-hand.ts';
import { startCountedLine, startEcho } from './feed-line.ts';
import { makeCopy, moveAccounts, type FeedSite } from './feed-site.ts';
import { ratioFigure, timeFigure, type Figure, type Round } from './figure.ts';
import { cardNumberOf, rowsOf } from './members.ts';

const ROUNDS = 3;
const MOVED = 10_000;
const BYTES_PER_BALANCE_MAX = 6;
const ROWS_PER_SECOND_MIN = 30_000;
const IDLE_BYTES_MAX = 1_024;
const IDLE_EXCHANGES = 60;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const toRound = (value: number): number => Number(value.toPrecision(4));

/** A figure that is no time: the goal says which way is good. */
function plainFigure(
  name: string,
  [value, limit]: readonly [number, number],
  goal: { unit: string; text: string; pass: boolean },
): Figure {
  const { unit, text, pass } = goal;
  return {
    ...{ name, value: toRound(value), unit, limit: toRound(limit) },
    ...{ ratio: toRound(value / limit), goal: text, pass },
  };
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
}

/** From nothing to a till that finds a card: over the loopback, checked, encrypted, durable. */
export async function benchBootstrap(site: FeedSite, runFolder: string): Promise<Figure[]> {
  const { members } = site;
  const wanted = cardNumberOf(Math.floor(members / 2));
  const madeMs = await timed(() => site.source.manifest(true));
  say(`  snapshot of ${members} members made in ${(madeMs / 1_000).toFixed(1)} s`);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const copy = makeCopy(site, runFolder);
    const ours = await timed(async () => {
      await pullFiles(copy.parts);
      must(copy.replica().cardByNumber(wanted), 'the card is found');
    });
    await copy.end();
    const limit = await timed(() => bootstrapByHand(site, runFolder, wanted));
    rounds.push({ ours: [ours], limit: [limit] });
  }
  const name = `bootstrap of ${members} members`;
  const msMax = members <= 100_000 ? 1_000 : members / 125;
  return [ratioFigure({ name, of: 50 }, rounds, 1.5), timeFigure({ name, of: 50 }, rounds, msMax)];
}

/** What a segment of changed balances costs on the line, and how fast rows and balances are taken in. */
export async function benchPull(site: FeedSite, runFolder: string): Promise<Figure[]> {
  const copy = makeCopy(site, runFolder);
  const { parts, replica } = copy;
  await pullFiles(parts);
  await parts.worker().tend();
  const { cursor } = replica().meta();
  const count = Math.min(MOVED, Math.floor(site.members / 10));
  await moveAccounts(site, count);
  await site.server.centre.feed.cutTo((await site.source.wake(0)).headSeq);
  const manifest = await fetchManifest(parts, false);
  const ref = must(
    manifest.segments.find(({ fromSeq }) => fromSeq === cursor),
    'it was cut',
  );
  const segment = await fetchSegment(parts, ref);
  const bytes = must(ref.balances, 'balances moved').bytes / segment.balances.length;
  const plain = plainBalanceBytes(segment.balances) / segment.balances.length;
  const { epoch } = replica().meta();
  const at = { epoch, cursor: ref.toSeq, isSettled: false };
  const pause = async (): Promise<void> => undefined;
  const balancesMs = await timed(() =>
    applyBalancesInSlices(replica(), segment.balances, { at: { ...at, seq: ref.toSeq }, pause }),
  );
  const pages = 6;
  let rowsMs = 0;
  for (let page = 0; page < pages; page += 1) {
    const made = Array.from({ length: 1_600 }, (_, n) => rowsOf(page * 1_600 + n, ref.toSeq + 1 + page));
    const rows = {
      ...EMPTY_ROWS,
      members: made.map(({ member }) => ({ ...member, notes: 'changed' })),
      cards: made.map(({ card }) => card),
      accounts: made.map(({ account }) => ({
        ...account,
        accountNo: must(account.accountNo, 'numbered') + 1,
      })),
    };
    rowsMs += await timed(() => applyInSlices(replica(), rows, { at, pause }));
  }
  await copy.end();
  const perSecond = (rows: number, ms: number): number => (rows / ms) * 1_000;
  const speed = { unit: 'rows/s', text: `≥ ${ROWS_PER_SECOND_MIN} rows/s` };
  const [ofBalances, ofRows] = [
    perSecond(segment.balances.length, balancesMs),
    perSecond(pages * 4_800, rowsMs),
  ];
  return [
    plainFigure('bytes of a changed balance', [bytes, plain], {
      ...{ unit: 'B', text: `≤ ${BYTES_PER_BALANCE_MAX} B` },
      pass: bytes <= BYTES_PER_BALANCE_MAX,
    }),
    plainFigure('balances taken in', [ofBalances, ROWS_PER_SECOND_MIN], {
      ...speed,
      pass: ofBalances >= ROWS_PER_SECOND_MIN,
    }),
    plainFigure('changed rows taken in', [ofRows, ROWS_PER_SECOND_MIN], {
      ...speed,
      pass: ofRows >= ROWS_PER_SECOND_MIN,
    }),
  ];
}

/** An exchange in which neither side has anything to say: whole bytes on the line, and the time. */
export async function benchIdle(site: FeedSite): Promise<Figure[]> {
  const line = await startCountedLine(site.url);
  const till = await TestTill.enrol(overHttp(line.url));
  till.cursor = (await site.source.wake(0)).headSeq;
  const echo = await startEcho();
  const plain = overHttp(echo.url);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS + 1; round += 1) {
    const times: Round = { ours: [], limit: [] };
    for (let at = 0; at < IDLE_EXCHANGES; at += 1) {
      times.ours.push(await timed(() => till.exchange()));
      times.limit.push(await timed(() => plain('/', till.request())));
    }
    if (round > 0) rounds.push(times);
  }
  const before = line.bytes();
  await till.exchange();
  const bytes = line.bytes() - before;
  const body = JSON.stringify(till.request()).length;
  await line.close();
  await echo.close();
  return [
    timeFigure({ name: 'idle exchange', of: 50 }, rounds, 10),
    plainFigure('bytes of an idle exchange', [bytes, body], {
      ...{ unit: 'B', text: `≤ ${IDLE_BYTES_MAX} B` },
      pass: bytes <= IDLE_BYTES_MAX,
    }),
  ];
}

/** A till's own digests, from what is noted and from the rows; and a whole comparison that finds nothing. */
export async function benchDigests(site: FeedSite, runFolder: string): Promise<Figure[]> {
  const copy = makeCopy(site, runFolder);
  const { parts } = copy;
  await pullFiles(parts);
  await parts.worker().tend();
  const { place } = parts;
  const rounds: Round[] = [];
  const noted: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const raw = openFile({ ...place, file: 'replica' });
    const limit = await timed(async () => {
      for (const table of ['members', 'cards', 'accounts'])
        raw.prepare(`SELECT count(*), total(row_hash) FROM ${table}`).get();
    });
    const recount = await timed(async () => scrubDigests(raw));
    raw.close();
    const replica = openReplica(place);
    noted.push({ ours: [await timed(async () => must(replica.digests(), 'counted'))], limit: [limit] });
    replica.close();
    rounds.push({ ours: [recount], limit: [limit] });
  }
  const compared = await timed(async () => {
    const check = must(await checkDigests(parts, false), 'both are at one number');
    const { members, cards, accounts } = check.differing;
    if (members + cards + accounts > 0) throw new Error('the copy differs');
  });
  await copy.end();
  const whole = [{ ours: [compared], limit: rounds.flatMap(({ limit }) => limit) }];
  const of = 50 as const;
  return [
    timeFigure({ name: `digests of ${site.members} members, noted`, of }, noted, 500),
    timeFigure({ name: 'compared with the centre, over the line', of }, whole, 500),
    timeFigure(
      { name: 'hashed anew from every row (weekly, another thread)', of },
      rounds,
      site.members / 100,
    ),
  ];
}
