import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openFile } from '../../db/open.ts';
import { startColumnsWorker, type ColumnsWorker } from '../../db/replica/columns/columns-host.ts';
import type { Asking, Chosen } from '../../db/replica/columns/segment-engine.ts';
import { KEY_HEX } from '../parts/till.ts';
import { type Figure, plainFigure } from './figure.ts';
import { watchOwnTasks } from './own-tasks.ts';
import type { BigReplica } from './replica.ts';

const ENTRIES_PER_MEMBER = 10;
const ROUNDS = 7;
const SEGMENT_MS_MAX = 1_000;
const RFM_MS_MAX = 5_000;
const TASK_MS_MAX = 50;
const TICK_MS = 5;
/** How long nothing is done, to see what the machine itself lets a thread wait. */
const IDLE_MS = 5_000;
const NOW = Date.UTC(2026, 10, 22);
const ASKING: Asking = { atMs: NOW, overrides: [] };

const THREE: Chosen = {
  kind: 'rules',
  rules: {
    match: 'all',
    conditions: [
      { test: 'olderThanDays', field: 'lastActive', days: 60 },
      { test: 'atLeast', field: 'purchases', number: 8 },
      { test: 'oneOf', field: 'marketing', values: ['yes'] },
    ],
  },
};

/** Entries are made by one statement: ids are what a till would have made, one each minute and account. */
const FILL = `INSERT INTO entries (op_id, seq, account_id, member_id, card_id, kind, delta, amount_minor,
    receipt_no, reward_id, card_type_version, corrects_op_id, reason, store_id, till_id, actor_id, business_day,
    wall_ms)
  SELECT printf('%08x-%04x-7000-8000-%012x', a.account_no, n.value, a.account_no * 16 + n.value), 101,
    a.account_id, a.member_id, a.account_id, 'points.credited', 5,
    300 + (a.account_no * 7919 + n.value * 104729) % 1200, '', '', 1, NULL, '', 'store-1',
    'till-' || (a.account_no % 40), 'staff-cashier', '2026-11-01', a.last_entry_at_ms - n.value * 86400000
  FROM accounts a, (WITH RECURSIVE c(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM c
    WHERE value < ${ENTRIES_PER_MEMBER - 1}) SELECT value FROM c) n
  ORDER BY a.member_id, a.last_entry_at_ms - n.value * 86400000`;

/** The same copy with the whole ledger, as an office has it. Kept beside the big copy; a minute or two to make. */
export function makeOfficeReplica(big: BigReplica): string {
  const path = join(dirname(big.path), 'office', 'replica.db');
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.part`;
  rmSync(part, { force: true });
  copyFileSync(big.path, part);
  const raw = openFile({ path: part, keyHex: KEY_HEX, file: 'replica' });
  raw.pragma('synchronous = OFF');
  raw.pragma('cache_size = -200000');
  raw.exec(FILL);
  raw.exec('UPDATE meta SET entries = (SELECT count(*) FROM entries)');
  raw.pragma('wal_checkpoint(TRUNCATE)');
  raw.close();
  renameSync(part, path);
  return path;
}

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
}

/** The limit of a question: the same three columns, scanned by a loop that somebody wrote for just this. */
function scanByHand(members: number): number {
  const last = Int32Array.from({ length: members }, (_, at) => 20_000 + (at % 700));
  const bought = Int32Array.from({ length: members }, (_, at) => at % 24);
  const agreed = Uint16Array.from({ length: members }, (_, at) => 1 + (at % 2));
  const times = Array.from({ length: ROUNDS }, () => {
    const startMs = performance.now();
    let found = 0;
    for (let at = 0; at < members; at += 1)
      if ((last[at] ?? 0) <= 20_500 && (bought[at] ?? 0) >= 8 && agreed[at] === 1) found += 1;
    return found === 0 ? NaN : performance.now() - startMs;
  });
  return median(times);
}

/** The limit of RFM from nothing: the same columns read off the file, nothing done with them. */
function readByHand(path: string): number {
  const raw = openFile({ path, keyHex: KEY_HEX, file: 'replica' });
  const startMs = performance.now();
  let rows = 0;
  for (const text of [
    'SELECT member_id, merged_into_id, state, extras FROM members',
    'SELECT member_id, last_entry_at_ms, purchase_count, spent_minor FROM accounts',
  ])
    for (const row of raw.prepare(text).raw().iterate()) if (row !== null) rows += 1;
  const tookMs = performance.now() - startMs;
  raw.close();
  return rows === 0 ? NaN : tookMs;
}

async function measure(worker: ColumnsWorker, big: BigReplica, path: string): Promise<Figure[]> {
  // First, so that both read the file from the system's memory.
  const rawMs = readByHand(path);
  const endIdle = watchOwnTasks();
  await new Promise((done) => setTimeout(done, IDLE_MS));
  const idleMs = Math.max(0.01, endIdle());
  const endWatch = watchOwnTasks();
  const delay = monitorEventLoopDelay({ resolution: TICK_MS });
  delay.enable();
  const before = process.cpuUsage();
  const rfmMs = await timed(() => worker.rfm(ASKING));
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1_000;
  const segmentMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    segmentMs.push(await timed(() => worker.count([THREE], ASKING)));
  const againMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    worker.touch({ memberIds: [], accountNos: [round] });
    againMs.push(await timed(() => worker.rfm(ASKING)));
  }
  delay.disable();
  const longestMs = endWatch();
  // The histogram counts the pause between two ticks, its own included.
  const waitedMs = delay.max / 1e6 - TICK_MS;
  const goal = (text: string, pass: boolean) => ({ unit: 'ms', text, pass });
  const [segment, again] = [median(segmentMs), median(againMs)];
  const byHandMs = scanByHand(big.members);
  return [
    plainFigure('segment of three rules', [segment, byHandMs], goal('≤ 1 s', segment <= SEGMENT_MS_MAX)),
    plainFigure('RFM of all, columns read first', [rfmMs, rawMs], goal('≤ 5 s', rfmMs <= RFM_MS_MAX)),
    plainFigure('the same, time of the processor', [cpuMs, rawMs], goal('≤ 5 s', cpuMs <= RFM_MS_MAX)),
    plainFigure('RFM of all, after a sale', [again, byHandMs], goal('≤ 5 s', again <= RFM_MS_MAX)),
    plainFigure(
      'core’s longest task meanwhile',
      [longestMs, idleMs],
      goal('≤ 50 ms', longestMs <= TASK_MS_MAX),
    ),
    plainFigure('its longest wait, for the processor too', [waitedMs, idleMs], goal('no goal', true)),
  ];
}

/** Segments and RFM over a whole ledger: the members, and ten entries for each. */
export async function benchSegments(big: BigReplica): Promise<Figure[]> {
  const path = makeOfficeReplica(big);
  const worker = startColumnsWorker({ path, keyHex: KEY_HEX });
  try {
    return await measure(worker, big, path);
  } finally {
    await worker.close();
  }
}
