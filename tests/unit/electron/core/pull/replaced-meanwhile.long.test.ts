import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../../../../crm/database.ts';
import { cutSegment } from '../../../../../crm/feed/segmenter.ts';
import type { FeedSource } from '../../../../../electron/core/pull/feed-source.ts';
import { pullFiles, settleFiles } from '../../../../../electron/core/pull/pull-files.ts';
import { startPostgres, type PostgresPart } from '../../../../parts/postgres.ts';
import { centreHash, openFeedDatabase } from '../../../crm/feed/files.ts';
import { writeMembers } from '../../../crm/feed/row-writer.ts';
import { directSource, makeCopySite, NOW, type CopySite } from './copy-site.ts';

/**
 * A cashier's read meets a damaged page while files are on their way: an empty copy takes the place of the damaged one
 * in the middle of a pull. It must never be told that it has what only the old one had.
 */

const MEMBERS = 60;

let postgres: PostgresPart;
let database: Database;
let site: CopySite;
/** Called while that is on its way. */
let meet: Partial<Record<keyof FeedSource, () => void>>;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  database = await openFeedDatabase(await postgres.createDatabase());
  await writeMembers(database, { first: 1, count: MEMBERS });
  meet = {};
  const source = directSource(database, MEMBERS);
  const meeting = <Method extends 'entries' | 'documents' | 'lane'>(method: Method): FeedSource[Method] =>
    (async (...asked: never[]) => {
      const answer: unknown = await (source[method] as (...of: never[]) => Promise<unknown>)(...asked);
      meet[method]?.();
      return answer;
    }) as unknown as FeedSource[Method];
  const met = { entries: meeting('entries'), documents: meeting('documents'), lane: meeting('lane') };
  site = await makeCopySite(database, { ...source, ...met });
});
afterEach(async () => {
  await site.close();
  await database.close();
});

/** The copy is gone once, when `method` is answered for the `nth` time. */
function loseAt(method: 'entries' | 'documents' | 'lane', nth = 1): void {
  let count = 0;
  meet[method] = () => {
    count += 1;
    if (count === nth) site.lose();
  };
}

/** No copy says that it reaches further than its rows do; and the next pull brings all. */
async function expectNoHole(): Promise<void> {
  const { cursor } = site.replica().meta();
  expect([cursor > 0, site.replica().counts().members]).toEqual([false, 0]);
  meet = {};
  await pullFiles(site.parts);
  expect(site.hash()).toBe(await centreHash(database));
}

test.each(['documents', 'entries'] as const)('it is replaced while %s come behind a fill', async (method) => {
  loseAt(method);
  await expect(pullFiles(site.parts)).rejects.toMatchObject({ code: 'busy' });
  await expectNoHole();
});

test('it is replaced between the entries that a cut left out and their being written', async () => {
  const refused = new Error('the line is gone');
  meet.entries = () => {
    throw refused;
  };
  await expect(pullFiles(site.parts)).rejects.toBe(refused);
  loseAt('entries');
  await expect(settleFiles(site.parts)).rejects.toMatchObject({ code: 'busy' });
  await expectNoHole();
});

test('it is replaced while one segment is written and the next is on its way', async () => {
  await pullFiles(site.parts);
  for (let round = 0; round < 3; round += 1) {
    await writeMembers(database, { first: 1_000 + round * 10, count: 3 });
    await cutSegment(database, NOW);
  }
  loseAt('lane', 2);
  await expect(pullFiles(site.parts)).rejects.toMatchObject({ code: 'busy' });
  await expectNoHole();
});
