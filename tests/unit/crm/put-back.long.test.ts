import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createEraseList } from '../../../crm/erase-list.ts';
import { rowsOf } from '../../../crm/database.ts';
import { listDocuments, saveDocuments } from '../../../crm/repos/documents.ts';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { startServer, type RunningServer } from '../../../crm/server.ts';
import { must } from '../../../sync/base/must.ts';
import type { MemberId, StaffId } from '../../../sync/base/ids.ts';
import { CANARY_WORD, canaryPhone } from '../../parts/canaries.ts';
import { startOwnPostgres, type OwnPostgres } from '../../parts/postgres.ts';
import { makeFolder } from '../../parts/till.ts';
import { FORM } from './test-centre.ts';
import { codeOf, overHttp, TestTill, type CardRef } from './test-till.ts';

const HOUR_MS = 3_600_000;
const DONE_AGAIN = 'the database had lost erasures: they were done again';

let postgres: OwnPostgres;
beforeAll(async () => {
  postgres = await startOwnPostgres();
}, 60_000);
afterAll(() => postgres.stop());

let folder: string;
let server: RunningServer | undefined;
let lines: string[];
/** Called with each line of the log. */
let hear: (line: string) => void;

beforeEach(() => {
  folder = makeFolder();
  lines = [];
  hear = () => undefined;
  writeFileSync(join(folder, 'setup.json'), JSON.stringify(FORM));
});
afterEach(async () => {
  vi.useRealTimers();
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

async function stop(): Promise<void> {
  await server?.stop();
  server = undefined;
}

const data = (): string => join(folder, 'data');

/** A centre whose list lies apart from its data, as its owner says. */
async function start(databaseUrl: string | null, eraseListFile = join(folder, 'erased.list')): Promise<void> {
  const write = (line: string): void => {
    lines.push(line);
    hear(line);
  };
  server = await startServer({
    ...{ host: '127.0.0.1', port: 0, isDemo: false, onDeath: () => undefined },
    ...{ databaseUrl, eraseListFile, folder: data(), setupFile: join(folder, 'setup.json') },
    log: pino({ level: 'info' }, { write }),
    clock: { nowMs: () => Date.now() },
  });
  if ((await listDocuments(running().centre.database.sql, 'staff')).length === 1) await addSecond();
}

const running = (): RunningServer => must(server, 'it runs');
const doneAgain = (): number[] =>
  lines
    .filter((line) => line.includes(DONE_AGAIN))
    .map((line) => (JSON.parse(line) as { members: number }).members);

interface Standing {
  state: string;
  lastName: string;
  mobile: string | null;
}

const standingOf = async (memberId: MemberId): Promise<Standing | undefined> => {
  const text = `select state, "row" ->> 'lastName' as "lastName", mobile from members where member_id = $1`;
  return (await rowsOf<Standing>(running().centre.database.sql, text, [memberId]))[0];
};

/** Columns of any table that say a canary. */
async function tablesWithCanaries(): Promise<string[]> {
  const { sql } = running().centre.database;
  const text = `select table_name as name from information_schema.tables where table_schema = current_schema()`;
  const found: string[] = [];
  for (const { name } of await rowsOf<{ name: string }>(sql, text)) {
    const [hit] = await rowsOf<{ count: number }>(
      sql,
      `select count(*)::int as count from "${name}" t where t::text ilike $1`,
      [`%${CANARY_WORD}%`],
    );
    if ((hit?.count ?? 0) > 0) found.push(name);
  }
  return found.sort();
}

/** It takes a second person. */
const SECOND = 'staff-2' as StaffId;

async function addSecond(): Promise<void> {
  const { sql } = running().centre.database;
  const [first] = await listDocuments(sql, 'staff');
  const body = { ...must(first, 'the manager'), staffId: SECOND, login: 'second' };
  await running().centre.database.transaction((tx) =>
    saveDocuments(tx, [{ kind: 'staff', id: SECOND, body }]),
  );
}

function anonymise(till: TestTill, { memberId }: CardRef): void {
  const asked = { kind: 'member.state', memberId, state: 'anonymised', reason: CANARY_WORD } as const;
  till.make({ ...asked, epoch: 1, secondId: SECOND });
}

interface Store {
  name: string;
  /** Null: the embedded one. */
  url(): Promise<string | null>;
  /** While the centre is stopped. */
  backUp(): Promise<void>;
  restore(): Promise<void>;
}

const STORES: Store[] = [
  {
    name: 'PostgreSQL',
    url: () => postgres.createDatabase(),
    backUp: () => postgres.backUp(),
    restore: () => postgres.restore(),
  },
  {
    name: 'the trial database, its whole folder',
    url: () => Promise.resolve(null),
    backUp: () => Promise.resolve(cpSync(data(), `${data()}.kept`, { recursive: true })),
    restore: () => {
      rmSync(data(), { recursive: true });
      return Promise.resolve(cpSync(`${data()}.kept`, data(), { recursive: true }));
    },
  },
];

test.each(STORES)(
  '$name is put back to a day before erasures: they are done again before anybody is answered (R-F4, N15)',
  async (store) => {
    const url = await store.url();
    await start(url);
    const till = await TestTill.enrol(overHttp(running().url));
    const erased = [0, 1, 2].map((at) =>
      till.makeMember({ lastName: `${CANARY_WORD}${at}`, mobile: canaryPhone(at) }),
    );
    const [first] = erased;
    const other = till.makeMember({ lastName: 'Lim' });
    for (const ref of erased) till.stamp(ref, 4);
    await till.sync();
    await stop();
    await store.backUp();
    await start(url);
    till.post = overHttp(running().url);
    for (const ref of erased) anonymise(till, ref);
    await till.sync();
    await stop();
    await store.restore();
    expect(doneAgain()).toEqual([]);
    await start(url);
    // No till has asked for anything yet.
    for (const { memberId } of erased)
      expect(await standingOf(memberId)).toEqual({ state: 'anonymised', lastName: '', mobile: null });
    expect(await standingOf(other.memberId)).toMatchObject({ state: 'active', lastName: 'Lim' });
    expect([await tablesWithCanaries(), doneAgain()]).toEqual([[], [3]]);
    const { centre } = running();
    expect((await verifyCentre(centre)).problems).toEqual([]);
    // Another till is told of them like of any other erasure, and its booking on one of them counts.
    const late = await TestTill.enrol(overHttp(running().url));
    const { erasures } = await late.exchange();
    expect(new Set(erasures?.memberIds)).toEqual(new Set(erased.map(({ memberId }) => memberId)));
    late.stamp(must(first, 'one of them'), 2);
    await late.sync();
    expect((await verifyCentre(centre)).problems).toEqual([]);
    // Once is enough.
    await stop();
    await start(url);
    expect(doneAgain()).toEqual([3]);
  },
  300_000,
);

test('who was split off and kept after the backup is not erased with the other', async () => {
  const url = await postgres.createDatabase();
  await start(url);
  const till = await TestTill.enrol(overHttp(running().url));
  const [gone, kept] = [till.makeMember({ lastName: CANARY_WORD }), till.makeMember({ lastName: 'Lim' })];
  const pair = { memberId: gone.memberId, intoId: kept.memberId, reason: '' };
  till.make({ kind: 'member.merged', ...pair });
  await till.sync();
  await stop();
  await postgres.backUp();
  await start(url);
  till.post = overHttp(running().url);
  till.make({ kind: 'member.unmerged', ...pair });
  anonymise(till, gone);
  await till.sync();
  expect((await standingOf(kept.memberId))?.state).toBe('active');
  await stop();
  await postgres.restore();
  await start(url);
  expect([(await standingOf(gone.memberId))?.state, await standingOf(kept.memberId)]).toEqual([
    'anonymised',
    { state: 'active', lastName: 'Lim', mobile: null },
  ]);
});

test('an erasure is refused while its list can not be written, the rest goes on, and then it is done', async () => {
  const url = await postgres.createDatabase();
  const list = join(folder, 'list');
  await start(url, list);
  mkdirSync(list);
  const post = overHttp(running().url);
  const [till, other] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const ref = till.makeMember({ lastName: CANARY_WORD });
  await till.sync();
  anonymise(till, ref);
  other.stamp(other.makeMember());
  const [refused] = await Promise.all([till.send(), other.sync()]);
  expect([refused.status, codeOf(refused)]).toEqual([503, 'busy']);
  expect(JSON.stringify(refused.body)).toContain('can not write its list of erasures (EISDIR)');
  expect((await standingOf(ref.memberId))?.state).toBe('active');
  rmSync(list, { recursive: true });
  await till.sync();
  expect((await standingOf(ref.memberId))?.state).toBe('anonymised');
  expect(await createEraseList(list).read()).toEqual(new Set([ref.memberId]));
});

test('a list that can not be read stops the start: nobody is answered out of a database that may have lost erasures', async () => {
  const list = join(folder, 'list');
  mkdirSync(list);
  const url = await postgres.createDatabase();
  await expect(start(url, list)).rejects.toThrow(`The list of erasures ${list} can not be read (EISDIR)`);
});

test('erasures of before there was a list are written into it by the next start', async () => {
  const url = await postgres.createDatabase();
  await start(url);
  const till = await TestTill.enrol(overHttp(running().url));
  const ref = till.makeMember();
  anonymise(till, ref);
  await till.sync();
  await stop();
  rmSync(join(folder, 'erased.list'));
  await start(url);
  expect(await createEraseList(join(folder, 'erased.list')).read()).toEqual(new Set([ref.memberId]));
});

test('whoever comes back later, by a row that a till sends again or a list of another computer, goes within the hour', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const url = await postgres.createDatabase();
  await start(url);
  const till = await TestTill.enrol(overHttp(running().url));
  const ref = till.makeMember({ lastName: CANARY_WORD });
  await till.sync();
  const away = join(folder, 'of-another-computer');
  await createEraseList(away).add([{ memberId: ref.memberId, atMs: 1 }]);
  await appendFile(join(folder, 'erased.list'), await readFile(away));
  const done = Promise.withResolvers<void>();
  hear = (line) => line.includes(DONE_AGAIN) && done.resolve();
  vi.advanceTimersByTime(HOUR_MS);
  await done.promise;
  expect(await standingOf(ref.memberId)).toMatchObject({ state: 'anonymised', lastName: '' });
});
