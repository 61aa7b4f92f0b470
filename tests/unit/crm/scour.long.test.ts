import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withDatabase } from '../../../crm/at-rest.ts';
import { readCut } from '../../../crm/repos/feed-files.ts';
import { readHead } from '../../../crm/repos/feed-head.ts';
import { scour } from '../../../crm/scour.ts';
import { startServer, type RunningServer } from '../../../crm/server.ts';
import { CANARY_WORD, canaryPhone, filesWithCanaries } from '../../parts/canaries.ts';
import { addSecond, anonymisedBy } from '../../parts/second.ts';
import { FORM } from './test-centre.ts';
import { overHttp, TestTill } from './test-till.ts';

const HOUR_MS = 3_600_000;

let folder: string;
let server: RunningServer | undefined;
let laterMs = 0;
/** Resolves when the centre says that it is done. */
let scoured = Promise.withResolvers<void>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-crm-'));
  await writeFile(join(folder, 'setup.json'), JSON.stringify(FORM));
  laterMs = 0;
  scoured = Promise.withResolvers();
});
afterEach(async () => {
  vi.useRealTimers();
  await server?.stop();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

const hear = (line: string): void => {
  if (line.includes('were taken out of the files')) scoured.resolve();
};

async function start(): Promise<RunningServer> {
  server = await startServer({
    ...{ host: '127.0.0.1', port: 0, databaseUrl: null, isDemo: false, onDeath: () => undefined },
    ...{ folder, setupFile: join(folder, 'setup.json'), log: pino({ level: 'info' }, { write: hear }) },
    clock: { nowMs: () => Date.now() + laterMs },
  });
  return server;
}

const firstParts = (): string[] =>
  [...new Set(filesWithCanaries(folder).map((path) => path.split('/')[0] ?? ''))].sort();

/** As a running centre does by itself: what tills fetch says the members as they are now. */
async function cutFeed({ feed, database }: RunningServer['centre']): Promise<void> {
  const { seq } = await readHead(database.sql);
  expect(await feed.cutTo(seq)).toBe(seq);
}

test('an hour after an erasure nothing of the trial centre says them: database, log of changes, journal, dump (R-F4)', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { url, centre } = await start();
  const till = await TestTill.enrol(overHttp(url));
  const canaries = Array.from({ length: 40 }, (_, at) =>
    till.makeMember({
      ...{ lastName: `${CANARY_WORD}${at}`, mobile: canaryPhone(at), lookupId: `L${CANARY_WORD}${at}` },
      email: `${CANARY_WORD.toLowerCase()}${at}@example.test`,
    }),
  );
  const kept = till.makeMember();
  await till.sync();
  await cutFeed(centre);
  await addSecond(centre);
  await centre.database.sql.query('analyze');
  // A segment of the log that is done with is kept, as it is, under the name of a later one.
  await centre.database.maintain(['select pg_switch_wal()', 'checkpoint']);
  await centre.database.checkpoint();
  for (const { memberId } of canaries) till.make(anonymisedBy(memberId, { reason: CANARY_WORD }));
  await till.sync();
  expect(firstParts()).toEqual(['acks.journal', 'pglite', 'pglite.dump']);
  laterMs = HOUR_MS;
  vi.advanceTimersByTime(HOUR_MS);
  await scoured.promise;
  expect(firstParts()).toEqual([]);
  // The centre goes on, and what follows is journalled on top of the new dump.
  till.stamp(kept, 3);
  await till.sync();
  vi.useRealTimers();
  await server?.stop();
  const again = await start();
  till.post = overHttp(again.url);
  till.stamp(kept, 2);
  await till.sync();
  expect(firstParts()).toEqual([]);
}, 300_000);

test('--scour right after an erasure leaves nothing either: the files for tills are made anew first (R-F4)', async () => {
  const { url, centre } = await start();
  const till = await TestTill.enrol(overHttp(url));
  const { memberId } = till.makeMember({ lastName: CANARY_WORD, mobile: canaryPhone(1) });
  await till.sync();
  await addSecond(centre);
  await cutFeed(centre);
  till.make(anonymisedBy(memberId, { reason: CANARY_WORD }));
  await till.sync();
  await server?.stop();
  server = undefined;
  expect(firstParts()).not.toEqual([]);
  const clock = { nowMs: () => Date.now() };
  const options = { folder, databaseUrl: null, clock, log: pino({ level: 'silent' }) };
  const said = await scour(options);
  expect([said.failed, firstParts()]).toEqual([[], []]);
  // Packed, such a file would not show her to whoever only reads bytes.
  await withDatabase(options, async ({ sql }) => {
    expect((await readCut(sql))?.cutSeq).toBe((await readHead(sql)).seq);
  });
}, 120_000);
