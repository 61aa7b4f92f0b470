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
  lines.length = 0;
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const lines: { msg: string; names?: string[] }[] = [];
const log = pino(
  { level: 'warn' },
  { write: (text) => void lines.push(JSON.parse(text) as (typeof lines)[0]) },
);
/** Names of what the log says was deleted, each time. */
const warned = (): string[][] =>
  lines.flatMap(({ names }) => (names === undefined ? [] : [names.toSorted()]));
const told = (words: string): boolean => lines.some(({ msg }) => msg.includes(words));
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

/** But for the note of when it was seen. */
const there = (): string[] =>
  readdirSync(folder)
    .filter((name) => name !== 'asides.json')
    .sort();
const isThere = (names: readonly string[]): boolean[] => names.map((name) => there().includes(name));

/** A dump `day` days after the first, by whose clock what is there is seen. */
const look = (day: number, erasedOn = -1): Promise<string[]> =>
  removeOutlived(folder, {
    ...{ nowMs: NOW_MS + day * DAY_MS, log },
    erasedAtMs: erasedOn < 0 ? 0 : NOW_MS + erasedOn * DAY_MS,
  });

test('what was set aside goes five weeks after it was first seen, but for the last of it, and nothing else does', async () => {
  for (const name of KEPT_FOR_GOOD) writeFileSync(join(folder, name), 'x');
  const old = setAside(36);
  expect(await look(0)).toEqual([]);
  const young = setAside(0);
  await look(2);
  const last = setAside(-4);
  await look(4);
  expect(await look(35)).toEqual([]);
  expect((await look(36)).sort()).toEqual(old.toSorted());
  expect(there()).toEqual([...KEPT_FOR_GOOD, ...young, ...last].sort());
  expect(warned()).toEqual([old.toSorted()]);
  await look(400);
  expect(there()).toEqual([...KEPT_FOR_GOOD, ...last].sort());
});

test('the last of it goes too once it was seen five weeks ago and somebody was anonymised since, whom it may name', async () => {
  const last = setAside(1);
  await look(0);
  await look(36, -2);
  expect(isThere(last)).toEqual([true, true, true]);
  await look(36, 3);
  expect(isThere(last)).toEqual([false, false, false]);
});

test('a clock that was not set names it after another day: it is kept for five weeks all the same', async () => {
  const [before, during] = [setAside(40), setAside(NOW_MS / DAY_MS)];
  // The dump of the same day is of that clock too.
  expect(await removeOutlived(folder, { nowMs: 60_000, erasedAtMs: NOW_MS, log })).toEqual([]);
  await look(0);
  const ahead = setAside(-4_000);
  await look(1);
  expect(await look(34, 20)).toEqual([]);
  expect((await look(37, 20)).sort()).toEqual([...before, ...during, ...ahead].sort());
});

test('a folder that can not be noted in spoils no dump, and deletes nothing', async () => {
  const { centre } = await start();
  const old = setAside(400);
  mkdirSync(join(folder, 'asides.json'));
  await centre.database.checkpoint();
  lines.length = 0;
  await stop();
  await start(true);
  expect([isThere(old), told('could not be looked through'), told('was not dumped')]).toEqual([
    ...[[true, true, true], true, false],
  ]);
}, 60_000);

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

test('databases that power cuts spoiled are deleted with a dump five weeks after one saw them, the last one is not', async () => {
  const { centre } = await start();
  await centre.database.checkpoint();
  await cutPower();
  // Counts anew, which no line of the journal tells: hence a dump.
  await start(true);
  await cutPower();
  laterMs = DAY_MS;
  await start(true);
  const [, last] = spoiled();
  laterMs = 37 * DAY_MS;
  await stop();
  await start();
  // No dump since: the older ones may be all that there is.
  expect(spoiled()).toHaveLength(2);
  await stop();
  await start(true);
  expect(spoiled()).toEqual([last]);
}, 300_000);
