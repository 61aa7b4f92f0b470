import { openFile } from '../../db/open.ts';
import { scrubDigests } from '../../db/replica/bulk/scrub-digests.ts';
import { openReplica } from '../../db/replica/open.ts';
import { createCentreClient } from '../../electron/core/centre-client.ts';
import { checkDigests } from '../../electron/core/pull/check-digests.ts';
import { pullFiles } from '../../electron/core/pull/pull-files.ts';
import { must } from '../../sync/base/must.ts';
import type { ExchangeRequest } from '../../sync/protocol/exchange.ts';
import { overHttp, TestTill } from '../unit/crm/test-till.ts';
import { bootstrapByHand } from './feed-by-hand.ts';
import { startCountedLine, startEcho } from './feed-line.ts';
import { makeCopy, type FeedSite } from './feed-site.ts';
import { plainFigure, ratioFigure, timed, timeFigure, type Figure, type Round } from './figure.ts';
import { cardNumberOf } from './members.ts';

const ROUNDS = 3;
const IDLE_BYTES_MAX = 1_024;
const IDLE_EXCHANGES = 60;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

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

/** An exchange in which neither side has anything to say: whole bytes on the line, and the time. */
export async function benchIdle(site: FeedSite): Promise<Figure[]> {
  const line = await startCountedLine(site.url);
  const till = await TestTill.enrol(overHttp(line.url));
  till.cursor = (await site.source.wake(0)).headSeq;
  const secret = { token: till.enrolled.token, secretKey: till.secretKey };
  const centre = createCentreClient({ serverUrl: line.url, ...secret });
  /** As a till says that it has nothing. */
  const idle = (): ExchangeRequest => {
    const { batch: _none, ...request } = till.request();
    return request;
  };
  const echo = await startEcho();
  const plain = overHttp(echo.url);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS + 1; round += 1) {
    const times: Round = { ours: [], limit: [] };
    for (let at = 0; at < IDLE_EXCHANGES; at += 1) {
      times.ours.push(await timed(() => centre.exchange(idle())));
      times.limit.push(await timed(() => plain('/', till.request())));
    }
    if (round > 0) rounds.push(times);
  }
  const before = line.bytes();
  await centre.exchange(idle());
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
