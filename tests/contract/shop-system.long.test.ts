import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebhookSecret, type EventKind } from '../../crm/integration/shapes.ts';
import { rowsOf } from '../../crm/database.ts';
import { startPostgres, type PostgresPart } from '../parts/postgres.ts';
import {
  createCopy,
  createFeedReader,
  startReceiver,
  type Mood,
  type Receiver,
  type ShopCopy,
} from '../parts/shop-system.ts';
import { makeTestKey, shopClient } from '../unit/crm/shop-key.ts';
import { addSecond, anonymisedBy } from '../parts/second.ts';
import { openTestCentre, type TestCentre, type TestCentreOptions } from '../unit/crm/test-centre.ts';
import { injected, TestTill, type CardRef } from '../unit/crm/test-till.ts';

const KINDS: EventKind[] = ['member.changed', 'member.anonymised', 'card.changed', 'ledger.entry'];
const MOODS: readonly Mood[] = ['take', 'take-and-fail', 'refuse', 'hang-up'];

let postgres: PostgresPart;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

/** A centre that can be started again on the same database, and a clock that only the test moves on. */
async function createSite(place: Pick<TestCentreOptions, 'url' | 'folder'>) {
  let nowMs = Date.now();
  const options: TestCentreOptions = { ...place, clock: { nowMs: () => nowMs }, innerReach: '127.0.0.1' };
  let open: TestCentre = await openTestCentre(options);
  await addSecond(open.centre);
  return {
    centre: () => open,
    nowMs: () => nowMs,
    pass: (ms: number) => void (nowMs += ms),
    restart: async () => {
      await open.close();
      open = await openTestCentre(options);
    },
    options,
  };
}
type Site = Awaited<ReturnType<typeof createSite>>;

/** Sums of the centre's own ledger, accounts without an entry left out. */
async function balancesOf(site: Site): Promise<Map<string, number>> {
  const { sql } = site.centre().centre.database;
  const text = 'select account_id::text as id, balance from accounts where entry_count > 0';
  const rows = await rowsOf<{ id: string; balance: number }>(sql, text);
  return new Map(rows.map(({ id, balance }) => [id, balance]));
}

async function livingOf(site: Site): Promise<string[]> {
  const { sql } = site.centre().centre.database;
  const text = `select member_id::text as id from members where state <> 'anonymised' order by 1`;
  return (await rowsOf<{ id: string }>(sql, text)).map(({ id }) => id);
}

interface Storm {
  site: Site;
  till: TestTill;
  refs: CardRef[];
  receiver: Receiver;
}

/** One step of many: work at a till, a receiver's mood, a restart. */
async function step({ site, till, refs, receiver }: Storm, dice: number): Promise<void> {
  const ref = refs[dice % refs.length];
  if (ref === undefined || dice % 5 === 0) refs.push(till.makeMember());
  else if (dice % 17 === 1) till.make(anonymisedBy(ref.memberId));
  else if (dice % 7 === 2)
    till.make({ kind: 'member.changed', memberId: ref.memberId, fields: { city: `City ${dice}` } });
  else till.stamp(ref, 1 + (dice % 4));
  if (dice % 3 === 0) await till.sync();
  receiver.mood = MOODS[dice % MOODS.length] ?? 'take';
  if (dice % 29 === 3) {
    await site.restart();
    till.post = injected(site.centre().app);
  }
  site.pass(60_000 + dice);
  await site.centre().centre.deliverer.deliverDue();
}

async function settle({ site, till, receiver }: Storm): Promise<void> {
  await till.sync();
  receiver.mood = 'take';
  site.pass(2 * 3_600_000);
  await site.centre().centre.deliverer.deliverDue();
}

const places = {
  PostgreSQL: async () => ({ url: await postgres.createDatabase(), end: async () => undefined }),
  PGlite: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'counterfoil-shop-'));
    return { folder, end: () => rm(folder, { recursive: true, force: true }) };
  },
};

describe.each(Object.entries(places))('another system’s copy, over %s', (_name, openPlace) => {
  let storm: Storm;
  let copy: ShopCopy;
  let end: () => Promise<void>;

  beforeEach(async () => {
    const place = await openPlace();
    ({ end } = place);
    const site = await createSite(place);
    copy = createCopy();
    const receiver = await startReceiver(copy);
    receiver.nowMs = site.nowMs;
    const till = await TestTill.enrol(injected(site.centre().app));
    storm = { site, till, refs: [], receiver };
  }, 60_000);
  afterEach(async () => {
    await storm.receiver.close();
    await storm.site.centre().close();
    await end();
  });

  test('equals the centre after dropped, repeated and refused deliveries and restarts', async () => {
    const { site, receiver } = storm;
    const { app } = site.centre();
    const { secret: key } = await makeTestKey(app);
    const made = await shopClient(app, key)('POST', '/v1/webhooks', {
      body: { url: receiver.url, kinds: KINDS, after: '' },
    });
    ({ secret: receiver.secret } = WebhookSecret.parse(made.body));
    const steps = fc.sample(fc.nat(10_000), { seed: 5, numRuns: 60 });
    for (const dice of steps) await step(storm, dice);
    await settle(storm);
    expect(copy.balances).toEqual(await balancesOf(site));
    expect([...copy.people.keys()].sort()).toEqual(await livingOf(site));
    expect(receiver.unsigned).toBe(0);
    expect(receiver.taken).toBeGreaterThan(3);

    const second = createCopy();
    const shop = shopClient(site.centre().app, key);
    const reader = createFeedReader(second, async (path) => (await shop('GET', path)).body);
    await reader.readAll(7);
    expect(second.balances).toEqual(copy.balances);
    const seqs = (of: ShopCopy) => [...of.people].map(([id, { seq }]) => `${id} ${seq}`).sort();
    expect(seqs(second)).toEqual(seqs(copy));
  }, 60_000);
});

test('two processes of the centre share the work: each page is told once, in order', async () => {
  const url = await postgres.createDatabase();
  const site = await createSite({ url });
  const other = await openTestCentre({ ...site.options, url });
  const copies = await Promise.all(
    [1, 2, 3].map(async () => {
      const copy = createCopy();
      const receiver = await startReceiver(copy);
      receiver.nowMs = site.nowMs;
      return { copy, receiver };
    }),
  );
  const { app } = site.centre();
  const shop = shopClient(app, (await makeTestKey(app)).secret);
  for (const { receiver } of copies) {
    const made = await shop('POST', '/v1/webhooks', { body: { url: receiver.url, kinds: KINDS, after: '' } });
    ({ secret: receiver.secret } = WebhookSecret.parse(made.body));
  }
  const till = await TestTill.enrol(injected(app));
  for (let count = 0; count < 120; count += 1) till.stamp(till.makeMember());
  await till.sync();
  await Promise.all([site.centre().centre.deliverer.deliverDue(), other.centre.deliverer.deliverDue()]);
  const expected = await balancesOf(site);
  for (const { copy, receiver } of copies) {
    expect(copy.balances).toEqual(expected);
    expect(receiver.seqs).toEqual([...receiver.seqs].sort((left, right) => left - right));
    expect(receiver.seqs).toHaveLength(360);
    await receiver.close();
  }
  await other.close();
  await site.centre().close();
}, 60_000);
