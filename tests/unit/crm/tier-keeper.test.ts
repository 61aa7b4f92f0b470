import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { Database, Sql } from '../../../crm/database.ts';
import { nodeCrypto } from '../../../crm/node-crypto.ts';
import { saveDocuments, type NewDocument } from '../../../crm/repos/documents.ts';
import { listMoved } from '../../../crm/repos/tiers.ts';
import { keepTiers, type KeepOptions } from '../../../crm/tier-keeper.ts';
import { chainDay } from '../../../crm/tier-rules.ts';
import { WHOLE_CHAIN, type MemberId, type StoreId } from '../../../sync/base/ids.ts';
import { documentSum, Store, Tier } from '../../../sync/model/chain.ts';
import type { WireOp } from '../../../sync/model/op.ts';
import type { CardRef, Pen, PenCentre } from '../../parts/pen.ts';
import { penForEach } from './pen-for-each.ts';

let centre: PenCentre;
let pen: Pen;

const tier = (tierId: string, rank: number, thresholdMinor: number): Tier =>
  Tier.parse({ ...{ tierId, version: 1, name: tierId, rank, thresholdMinor, renewalMinor: 10_000 } });
const storeIn = (timeZone: string): NewDocument => {
  const id = `shop ${timeZone}` as StoreId;
  return { kind: 'store', id, body: Store.parse({ storeId: id, version: 1, name: id, timeZone }) };
};
const saved = (...documents: NewDocument[]): Promise<void> =>
  centre.database.transaction((tx) => saveDocuments(tx, documents));
const asDocument = (body: Tier): NewDocument => ({ kind: 'tier', id: body.tierId, body });

penForEach(async (made) => {
  centre = made;
  centre.nowMs = Date.UTC(2026, 10, 22, 6);
  await saved(storeIn('Asia/Singapore'), asDocument(tier('silver', 1, 20_000)));
  pen = await centre.till('till-a');
  pen.cardTypeId = 'points';
});

const keep = (options: KeepOptions = {}, database: Database = centre.database) =>
  keepTiers(
    {
      database,
      clock: { nowMs: () => centre.nowMs },
      crypto: nodeCrypto,
      log: pino({ level: 'silent' }),
    },
    options,
  );

function buy(ref: CardRef, amountMinor: number, businessDay = '2026-11-22'): WireOp {
  const body = {
    ...{ kind: 'points.credited' as const, ...ref, cardTypeVersion: 1, amountMinor },
    ...{ receiptNo: 'r', points: 10, reason: '' },
  };
  return pen.write(body, { businessDay });
}
const undo = (ref: CardRef, { opId }: WireOp): WireOp =>
  pen.write({
    ...{ kind: 'entry.corrected', ...ref, cardTypeVersion: 1, correctsOpId: opId },
    ...{ delta: -10, reason: '' },
  });
const tierOf = async (id: MemberId): Promise<string> => (await centre.member(id)).tier;
const count = async (from: string): Promise<number> =>
  (await centre.rows<{ n: number }>(`select count(*)::int as n from ${from}`))[0]?.n ?? -1;
const ownOps = (): Promise<number> => count(`ops where till_id = 'centre'`);

test('a till whose clock runs years ahead keeps nobody from a tier, and freezes none', async () => {
  const ref = pen.enrol();
  buy(ref, 30_000, '2026-11-20');
  const ahead = buy(ref, 500, '2029-01-05');
  await pen.push();
  await keep();
  expect(await tierOf(ref.memberId)).toBe('silver');
  undo(ref, ahead);
  await pen.push();
  await saved(asDocument(tier('bronze', 0, 15_000)));
  await keep();
  expect(await tierOf(ref.memberId)).toBe('silver');
});

test('a purchase of a day to come counts when that day has come', async () => {
  const ref = pen.enrol();
  buy(ref, 30_000, '2026-12-05');
  await pen.push();
  await keep();
  expect(await tierOf(ref.memberId)).toBe('');
  centre.nowMs = Date.UTC(2026, 11, 2, 6);
  await keep();
  expect(await tierOf(ref.memberId)).toBe('');
  centre.nowMs = Date.UTC(2026, 11, 4, 6);
  await keep();
  expect(await tierOf(ref.memberId)).toBe('silver');
});

test('nothing is decided by a part of the money while entries are still being read', async () => {
  const [ref, other] = [pen.enrol(), pen.enrol()];
  const bought = buy(ref, 30_000);
  for (let at = 0; at < 2_000; at += 1) pen.stamp(other);
  undo(ref, bought);
  await pen.push();
  await keep();
  expect([await tierOf(ref.memberId), await ownOps(), await count('tier_due')]).toEqual(['', 0, 0]);
});

test('it ends after the step that runs, a step writes a few members, and the rest is not forgotten', async () => {
  const refs = Array.from({ length: 30 }, () => pen.enrol());
  for (const ref of refs) buy(ref, 30_000);
  await pen.push();
  const ending = new AbortController();
  await keep({ signal: ending.signal, pause: () => Promise.resolve(ending.abort()) });
  expect([await ownOps(), await count('tier_due')]).toEqual([20, 10]);
  await keep();
  expect([await ownOps(), await count('tier_due')]).toEqual([30, 0]);
});

/** The same database; `meanwhile` runs right before the first statement with `words` in it. */
function interrupted(words: string, meanwhile: () => Promise<void>): Database {
  let isDone = false;
  const watched = (tx: Sql): Sql => ({
    query: async (text, values) => {
      if (!isDone && text.includes(words)) {
        isDone = true;
        await meanwhile();
      }
      return tx.query(text, values);
    },
  });
  return {
    ...centre.database,
    transaction: (work, mode) => centre.database.transaction((tx) => work(watched(tx)), mode),
  };
}

test('a process that comes to its turn after another one goes by the rules of then', async () => {
  const ref = pen.enrol();
  buy(ref, 30_000);
  await pen.push();
  const other = async (): Promise<void> => {
    await saved(asDocument({ ...tier('silver', 1, 40_000), version: 2 }));
    await keep();
  };
  await keep({}, interrupted('for update skip locked', other));
  expect([await tierOf(ref.memberId), await ownOps()]).toEqual(['', 0]);
});

test('a merge that was mended and released names the members of the mended one, and stops nothing', async () => {
  const [ref, twin] = [pen.enrol({ mobile: '+6591110001' }), pen.enrol({ mobile: '+6591110002' })];
  const ofNobody: { kind: string } & Record<string, unknown> = {
    ...{ kind: 'member.merged', memberId: 'nobody', intoId: 7 },
  };
  pen.write(ofNobody);
  pen.write({ kind: 'member.merged' });
  await pen.push();
  const held = `kind = 'member.merged' and held_reason is not null`;
  expect(await count(`ops where ${held}`)).toBe(2);
  const mended = JSON.stringify({ kind: 'member.merged', memberId: twin.memberId, intoId: ref.memberId });
  await centre.rows(`update ops set released_seq = seq where ${held}`);
  await centre.rows(`update ops set repaired_body = $1::json where ${held} and tseq = 3`, [mended]);
  const head = await centre.headSeq();
  expect(await listMoved(centre.database.sql, 0, head)).toEqual([twin.memberId, ref.memberId]);
  buy(ref, 30_000);
  await pen.push();
  await keep();
  expect(await tierOf(ref.memberId)).toBe('silver');
});

test('who was removed and is taken back is looked at again', async () => {
  const ref = pen.enrol();
  buy(ref, 30_000);
  pen.write({ kind: 'member.removed', memberId: ref.memberId, isRemoved: true, reason: '' });
  await pen.push();
  await keep();
  expect([await tierOf(ref.memberId), await count('tier_due')]).toEqual(['', 0]);
  pen.write({ kind: 'member.removed', memberId: ref.memberId, isRemoved: false, reason: '' });
  await pen.push();
  await keep();
  expect(await tierOf(ref.memberId)).toBe('silver');
});

test('a day is over when it is over in every shop; where none is known, when it is over everywhere', () => {
  const at = Date.UTC(2026, 11, 3, 6);
  const zones = (...names: string[]) => ({
    stores: names.map((timeZone) => ({ ...Store.parse({ storeId: 's', version: 1, name: 's', timeZone }) })),
  });
  expect(chainDay(zones('Asia/Singapore'), at)).toBe('2026-12-03');
  expect(chainDay(zones('Asia/Singapore', 'America/Los_Angeles'), at)).toBe('2026-12-02');
  expect(chainDay(zones('Asia/Singapore', 'Nowhere/At_all'), at)).toBe('2026-12-03');
  expect(chainDay(zones(), at)).toBe('2026-12-02');
});

test('west of Greenwich a tier lasts until its last day has ended there', async () => {
  await saved(storeIn('America/Los_Angeles'), asDocument(tier('bronze', 0, 5_000)));
  const ref = pen.enrol();
  buy(ref, 20_000, '2025-12-02');
  buy(ref, 6_000, '2026-11-01');
  await pen.push();
  await keep();
  expect(await tierOf(ref.memberId)).toBe('silver');
  centre.nowMs = Date.UTC(2026, 11, 3, 7);
  await keep();
  expect(await tierOf(ref.memberId)).toBe('silver');
  centre.nowMs = Date.UTC(2026, 11, 3, 14);
  await keep();
  expect(await tierOf(ref.memberId)).toBe('bronze');
});

test('a tier of before versions were kept can be saved anew by a till that reads it as of now', async () => {
  const former = { tierId: 'gold', version: 1, name: 'Gold', rank: 2, thresholdMinor: 50_000 };
  // Cast: what a program of before wrote.
  await saved(asDocument(former as Tier));
  const read = Tier.parse(former);
  const { earlier: _earlier, tierId: _id, ...rules } = read;
  const next = { ...read, version: 2, validFrom: '2026-12-01', earlier: [rules] };
  pen.write({
    ...{ kind: 'document.saved', memberId: WHOLE_CHAIN, docKind: 'tier', id: 'gold', baseVersion: 1 },
    ...{ baseSum: documentSum(read), body: next },
  });
  await pen.push();
  expect((await pen.fates()).map(({ held }) => held)).toEqual([null]);
  expect(await centre.rows(`select body from documents where id = 'gold'`)).toEqual([{ body: next }]);
});
