import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeOutlived } from '../../../crm/outlived.ts';
import { startServer, type RunningServer } from '../../../crm/server.ts';
import { makeFolder } from '../../parts/till.ts';
import { FORM } from './test-centre.ts';

const DAY_MS = 24 * 3_600_000;
const NOW_MS = 1_800_000_000_000;

let folder: string;
let server: RunningServer | undefined;
let laterMs: number;
beforeEach(() => {
  folder = makeFolder();
  laterMs = 0;
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const log = pino({ level: 'silent' });
const KEPT_FOR_GOOD = [
  'acks.journal',
  'pglite',
  'pglite.dump',
  'pglite.state',
  'pglite.distrusted-',
  'notes.txt',
];

/** Everything that looks as if it were set aside, `daysAgo`. */
function setAside(daysAgo: number): string[] {
  const atMs = NOW_MS - daysAgo * DAY_MS;
  const [database, journal, old] = [
    `pglite.distrusted-${atMs}`,
    `acks.journal.kept-${atMs}`,
    `acks.journal.old.kept-${atMs}`,
  ];
  mkdirSync(join(folder, database, 'base'), { recursive: true });
  for (const path of [join(database, 'base', '1'), journal, old]) writeFileSync(join(folder, path), 'x');
  return [database, journal, old];
}

const there = (): string[] => readdirSync(folder).sort();
const isThere = (names: readonly string[]): boolean[] => names.map((name) => there().includes(name));

test('what was set aside goes after five weeks but for the last of it, and nothing else does', async () => {
  for (const name of KEPT_FOR_GOOD) writeFileSync(join(folder, name), 'x');
  const [old, young, last] = [setAside(36), setAside(34), setAside(1)];
  const gone = await removeOutlived(folder, { nowMs: NOW_MS, erasedAtMs: 0, log });
  expect(gone.sort()).toEqual(old.toSorted());
  expect(there()).toEqual([...KEPT_FOR_GOOD, ...young, ...last].sort());
  await removeOutlived(folder, { nowMs: NOW_MS + 400 * DAY_MS, erasedAtMs: 0, log });
  expect(there()).toEqual([...KEPT_FOR_GOOD, ...last].sort());
});

test('the last of it goes too once it is five weeks old and somebody was anonymised since, whom it may name', async () => {
  const last = setAside(36);
  const of = (erasedDaysAgo: number) => ({ nowMs: NOW_MS, erasedAtMs: NOW_MS - erasedDaysAgo * DAY_MS, log });
  await removeOutlived(folder, of(37));
  expect(isThere(last)).toEqual([true, true, true]);
  await removeOutlived(folder, of(2));
  expect(isThere(last)).toEqual([false, false, false]);
});

async function start(isRestored = false): Promise<RunningServer> {
  writeFileSync(join(folder, 'setup.json'), JSON.stringify(FORM));
  server = await startServer({
    ...{ host: '127.0.0.1', port: 0, databaseUrl: null, isDemo: false, isRestored, onDeath: () => undefined },
    ...{ folder, setupFile: join(folder, 'setup.json'), log },
    clock: { nowMs: () => Date.now() + laterMs },
  });
  return server;
}

async function stop(): Promise<void> {
  await server?.stop();
  server = undefined;
}

/** The power goes while the folder is open. */
async function cutPower(): Promise<void> {
  await stop();
  const state = { isClean: false, bootId: 'of another start', openedAtMs: 0 };
  writeFileSync(join(folder, 'pglite.state'), JSON.stringify(state));
}

const spoiled = (): string[] => there().filter((name) => name.startsWith('pglite.distrusted-'));

test('databases that power cuts spoiled are deleted with the first dump of five weeks later, the last one is not', async () => {
  const { centre } = await start();
  await centre.database.checkpoint();
  await cutPower();
  await start();
  await cutPower();
  await start();
  const [, last] = spoiled();
  laterMs = 36 * DAY_MS;
  await stop();
  await start();
  // No dump since: the older ones may be all that there is.
  expect(spoiled()).toHaveLength(2);
  await stop();
  // Counts anew, which no line of the journal tells: hence a dump.
  await start(true);
  expect(spoiled()).toEqual([last]);
}, 300_000);
