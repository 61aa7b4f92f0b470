import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFeedSource } from '../../electron/core/pull/feed-source.ts';
import { must } from '../../sync/base/must.ts';
import { startChild, type Child } from './bench-child.ts';
import { plainFigure, quantile, timed, type Figure } from './figure.ts';
import { readProcess } from './process-figures.ts';
import type { Load, Returned, Returning } from './return-load.ts';
import { startProbe } from './return-probe.ts';
import { enrolMany, readKept, readPlace } from './return-site.ts';
import type { Tally } from './return-till.ts';
import { ROOT } from './stage.ts';
import type { SyncSite } from './sync-site.ts';

export const TILLS = 5_000;
const OPS_PER_TILL = 20;
const PROCESSES = 2;
const CUT_TRIES = 60;
const CUT_PAUSE_MS = 500;
/** From which members are looked up meanwhile. */
const ONLINE = 20;
const SYNCED_S_MAX = 300;
const MEMORY_MB_MAX = 1_024;
const LOOKUP_MS_MAX = 1_000;
const TRIES_MAX = 3;

const say = (line: string): void => void process.stdout.write(`  ${line}\n`);
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** The feed is in files up to here, as it is an hour after the last change: tills begin there. */
async function settleFeed(site: SyncSite, till: Returning): Promise<number> {
  const hangUp = new AbortController().signal;
  const asker = { token: till.token, incarnation: 1 };
  const source = createFeedSource({ serverUrl: site.url, ...asker, timeoutMs: 600_000, hangUp });
  const { headSeq } = await readPlace(site);
  // A cut that meets another one is given up: the next question finds it done, or does it.
  for (let tries = 0; tries < CUT_TRIES; tries += 1) {
    if ((await source.digests(headSeq)).seq >= headSeq) return headSeq;
    await sleep(CUT_PAUSE_MS);
  }
  throw new Error('the feed is not in files');
}

async function startLoads(site: SyncSite, tills: readonly Returning[]): Promise<Child[]> {
  const cursor = await settleFeed(site, must(tills[0], 'there are some'));
  const { signKey } = await readPlace(site);
  const share = Math.ceil(tills.length / PROCESSES);
  return Promise.all(
    Array.from({ length: PROCESSES }, async (_, at) => {
      const child = startChild(join(ROOT, 'tests/bench/return-load.ts'));
      const load: Load = {
        ...{ serverUrl: site.url, signKey, members: site.members, opsPerTill: OPS_PER_TILL, cursor },
        tills: tills.slice(at * share, (at + 1) * share),
        firstMember: at * share * OPS_PER_TILL,
      };
      await child.ask('prepare', load);
      return child;
    }),
  );
}

/** Nothing is a figure before it is known that nothing was lost and nothing came twice. */
async function assertKept(
  site: SyncSite,
  returned: readonly Returned[],
  before: { balance: number; tills: number },
): Promise<void> {
  const opIds = returned.flatMap((each) => each.opIds);
  const kept = await readKept(site, { opIds, opsPerTill: OPS_PER_TILL });
  const { ops, distinct, held, whole, entries, balance } = kept;
  const units = sum(returned.map((each) => each.units));
  const all = before.tills * OPS_PER_TILL;
  const isRight = [ops, distinct, entries, opIds.length].every((count) => count === all);
  if (!isRight || held > 0 || whole !== before.tills || balance - before.balance !== units)
    throw new Error(`not each op just once: ${JSON.stringify({ ...kept, all, units, before })}`);
  say(`in PostgreSQL: ${ops} ops and ${entries} entries, each once; ${whole} tills whole; balances add up`);
}

function tell(returned: readonly Returned[], { seconds, cpuS }: { seconds: number; cpuS: number }): void {
  const of = (name: keyof Tally): number => sum(returned.map(({ tally }) => tally[name]));
  const acked = returned.flatMap(({ ackedMs }) => ackedMs).map((ms) => ms / 1_000);
  const synced = returned.flatMap(({ syncedMs }) => syncedMs).map((ms) => ms / 1_000);
  const spread = (values: number[]): string =>
    [50, 95, 99, 100].map((percent) => quantile(values, percent).toFixed(1)).join(' / ');
  const ops = synced.length * OPS_PER_TILL;
  say(`${ops} ops of ${synced.length} tills in ${seconds.toFixed(1)} s: ${(ops / seconds).toFixed(0)} ops/s`);
  say(`ops acknowledged, s, p50 / p95 / p99 / last: ${spread(acked)}; all fetched: ${spread(synced)}`);
  const megabytes = (of('fileBytes') / 2 ** 20).toFixed(0);
  say(`${of('exchanges')} exchanges, ${of('files')} files of ${megabytes} MB in all`);
  say(`refused and asked again: ${of('busy')} busy, ${of('unreachable')} without an answer`);
  const loadS = sum(returned.map(({ cpuMs }) => cpuMs)) / 1_000;
  const load = loadavg()[0]?.toFixed(1);
  say(`processor: CRM ${cpuS.toFixed(1)} s, the tills ${loadS.toFixed(1)} s; load average ${load}`);
}

/**
 * So many tills come back at once, each with some ops, to one CRM and one PostgreSQL on this machine, which the
 * tills share; meanwhile cashiers elsewhere look members up at the centre.
 */
export async function benchReturn(site: SyncSite, tillCount: number): Promise<Figure[]> {
  const pid = must(site.centre.process.pid, 'it runs');
  let tills: Returning[] = [];
  const madeMs = await timed(async () => (tills = await enrolMany(site, tillCount + ONLINE)));
  say(`${tillCount} tills enrolled in ${(madeMs / 1_000).toFixed(1)} s`);
  const online = tills.splice(tillCount);
  const loads = await startLoads(site, tills);
  try {
    const { balance } = await readKept(site, { opIds: [], opsPerTill: OPS_PER_TILL });
    const before = readProcess(pid);
    const probe = startProbe(site, online);
    let returned: Returned[] = [];
    const ms = await timed(async () => {
      returned = await Promise.all(loads.map((child) => child.ask<Returned>('go')));
    });
    const lookups = await probe.end();
    const { peakMb, cpuS } = readProcess(pid);
    tell(returned, { seconds: ms / 1_000, cpuS: cpuS - before.cpuS });
    await assertKept(site, returned, { balance, tills: tillCount });
    const [half, most] = [quantile(lookups.ms, 50), quantile(lookups.ms, 99)];
    say(
      `${lookups.ms.length} look-ups at the centre meanwhile, p50 ${half.toFixed(0)} ms, refused ${lookups.refused}`,
    );
    const tries = quantile(
      returned.flatMap((each) => each.tries),
      50,
    );
    const atMost = (unit: string, value: number, max: number) => ({
      ...{ unit, text: `≤ ${max} ${unit}`, pass: value <= max },
    });
    const what = `${tillCount} tills × ${OPS_PER_TILL} ops come back`;
    return [
      plainFigure(
        `${what}, until all are synced`,
        [ms / 1_000, SYNCED_S_MAX],
        atMost('s', ms / 1_000, SYNCED_S_MAX),
      ),
      plainFigure(
        'its CRM’s memory at its most',
        [peakMb, MEMORY_MB_MAX],
        atMost('MB', peakMb, MEMORY_MB_MAX),
      ),
      plainFigure(
        'look-up at the centre meanwhile, p99',
        [most, LOOKUP_MS_MAX],
        atMost('ms', most, LOOKUP_MS_MAX),
      ),
      plainFigure(
        'its tries until a till’s ops are there, p50',
        [tries, TRIES_MAX],
        atMost('', tries, TRIES_MAX),
      ),
    ];
  } finally {
    await Promise.all(loads.map((child) => child.end()));
  }
}
