import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { openReplica } from '../../../../db/replica/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import { settleRules } from '../../../../electron/core/segments/tag-rules.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import type { StaffId, TillId } from '../../../../sync/base/ids.ts';
import { writeExtras } from '../../../../sync/model/extras.ts';
import type { MemberRow } from '../../../../sync/model/member.ts';
import { EMPTY_ROWS } from '../../../../sync/model/feed.ts';
import { TagRule } from '../../../../sync/model/segment.ts';
import { shopDocuments, TILL_ID } from '../../../parts/shop.ts';
import { KEY_HEX, seedFolder, type TestTill } from '../../../parts/till.ts';
import * as sample from '../../db/samples.ts';
import { createShelf } from './shelf.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 3);
const clock = { ahead: 0, nowMs: () => NOW_MS + clock.ahead, monotonicMs: () => 0 };
const shelf = createShelf({ clock });
afterEach(async () => {
  clock.ahead = 0;
  await shelf.clear();
});

const rule = (more: object = {}): TagRule =>
  TagRule.parse({
    tagRuleId: 'near',
    version: 1,
    name: 'Neighbours',
    tag: 'near',
    match: 'all',
    conditions: [{ test: 'oneOf', field: 'city', values: ['Here'] }],
    isLifted: true,
    authorTillId: TILL_ID,
    ownerId: 'staff-manager',
    ...more,
  });

async function seed(members: readonly MemberRow[], rules: readonly TagRule[]): Promise<string> {
  const dir = shelf.newFolder();
  const documents = [
    ...(await shopDocuments()),
    ...rules.map((body) => ({ kind: 'tag-rule' as const, id: body.tagRuleId, seq: 50, body })),
  ];
  await seedFolder(dir, { rows: { members: [...members], documents } });
  const till = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  createTillSettings(till.settings).setTrustedClock({ offsetMs: 0, trustedMs: NOW_MS, tseq: 0 });
  till.close();
  return dir;
}

async function open(dir: string): Promise<TestTill> {
  const till = shelf.open(dir);
  await till.signIn('manager');
  return till;
}
const run = (till: TestTill) => till.client['segments.runTagRules']({ opId: till.opId() });
const tagsOf = async (till: TestTill, at: number): Promise<readonly string[]> =>
  (await till.client['members.get']({ memberId: sample.memberId(at) })).extras.tags;
const ownOps = async (till: TestTill): Promise<number> => (await till.client['till.verify']({})).ownOps;

/** The centre's next word on members, with the till off meanwhile. */
function tell(dir: string, members: readonly MemberRow[]): void {
  const replica = openReplica({ path: join(dir, 'replica.db'), keyHex: KEY_HEX });
  replica.apply({ ...EMPTY_ROWS, members: [...members] }, { epoch: 'e', cursor: 300, isSettled: true });
  replica.close();
}

const here = (at: number, more: Partial<MemberRow> = {}) => sample.member(at, { city: 'Here', ...more });

test('a rule puts its tag on whoever matches, once, in the name of who wrote it', async () => {
  const dir = await seed([here(1), sample.member(2, { city: 'There' })], [rule()]);
  const till = await open(dir);
  expect(await run(till)).toEqual({ rules: 1, tagged: 1, untagged: 0, isMore: false, resting: null });
  expect([await tagsOf(till, 1), await tagsOf(till, 2)]).toEqual([['near'], []]);
  // Not confirmed yet, and known all the same.
  expect((await run(till)).tagged).toBe(0);
  expect(await ownOps(till)).toBe(1);
});

test('of two tills the one that the rule names does the work, and the other none', async () => {
  const dir = await seed([here(1)], [rule({ authorTillId: 'till-2' as TillId })]);
  const till = await open(dir);
  expect(await run(till)).toMatchObject({ rules: 0, tagged: 0 });
  expect(await tagsOf(till, 1)).toEqual([]);
});

test('a member who stops to match loses the tag, and gets it again when she matches again', async () => {
  const extras = '{"tags":["near"]}';
  const dir = await seed([here(1, { city: 'There', extras })], [rule()]);
  let till = await open(dir);
  expect(await run(till)).toMatchObject({ tagged: 0, untagged: 1 });
  expect(await tagsOf(till, 1)).toEqual([]);
  await shelf.close(till);
  const other = await seed([here(1, { extras })], [rule()]);
  till = await open(other);
  expect(await run(till)).toMatchObject({ tagged: 0, untagged: 0 });
  await shelf.close(till);
  tell(other, [here(1, { extras: '', seq: 250 })]);
  till = await open(other);
  expect(await run(till)).toMatchObject({ tagged: 1 });
});

test('a changed rule counts at once, and one that is retired no more', async () => {
  const dir = await seed([here(1), here(2, { city: 'There' })], [rule()]);
  const till = await open(dir);
  const save = (body: TagRule) =>
    till.client['documents.save']({
      ...{ opId: till.opId(), kind: 'tag-rule' as const, id: 'near', baseVersion: body.version - 1 },
      body,
    });
  const conditions = [{ test: 'oneOf', field: 'city', values: ['There'] }];
  await save(rule({ version: 2, conditions }));
  expect(await run(till)).toMatchObject({ tagged: 1 });
  expect([await tagsOf(till, 1), await tagsOf(till, 2)]).toEqual([[], ['near']]);
  await save(rule({ version: 3, isRetired: true }));
  expect(await run(till)).toMatchObject({ rules: 0, tagged: 0 });
});

test('a run that breaks off is gone on with after the restart, and nobody is tagged twice', async () => {
  const all = Array.from({ length: 60 }, (_, at) => here(at + 1));
  const dir = await seed(all, [rule()]);
  const first = await open(dir);
  const broken = run(first).catch(() => null);
  await vi.waitUntil(() => first.events.some(({ name }) => name === 'data.changed'), { interval: 1 });
  await shelf.close(first);
  await broken;
  const till = await open(dir);
  await run(till);
  expect(await ownOps(till)).toBe(60);
  expect(await tagsOf(till, 60)).toEqual(['near']);
});

test('nothing is done while the clock is in doubt, nor for a manager who is one no more', async () => {
  const dir = await seed(
    [here(1)],
    [rule(), rule({ tagRuleId: 'gone', ownerId: 'staff-cashier' as StaffId })],
  );
  const till = await open(dir);
  clock.ahead = 3_600_000;
  expect(await run(till)).toMatchObject({ resting: 'clock', tagged: 0 });
  clock.ahead = 0;
  expect(await run(till)).toMatchObject({ rules: 1, resting: null, tagged: 1 });
  await till.signIn('cashier');
  await expect(run(till)).rejects.toMatchObject({ code: 'not_allowed' });
});

test('whoever was removed gets no tag', async () => {
  const dir = await seed([here(1)], [rule()]);
  const till = await open(dir);
  await till.client['members.remove']({
    ...{ opId: till.opId(), memberId: sample.memberId(1), reason: 'asked for it' },
  });
  expect(await run(till)).toMatchObject({ tagged: 0 });
});

test('a tag that several rules put on, or that asks for tags of rules, is not taken off again', () => {
  const lifts = (...rules: TagRule[]): boolean[] => settleRules(rules).map(({ isLifted }) => isLifted);
  const asks = (condition: object) => rule({ tagRuleId: 'b', tag: 'b', conditions: [condition] });
  expect(lifts(rule())).toEqual([true]);
  expect(lifts(rule(), rule({ tagRuleId: 'too' }))).toEqual([false, false]);
  expect(lifts(rule(), rule({ tagRuleId: 'too', isRetired: true }))).toEqual([true]);
  expect(lifts(rule(), asks({ test: 'noneOf', field: 'tags', values: ['near'] }))).toEqual([true, false]);
  expect(lifts(asks({ test: 'noneOf', field: 'tags', values: ['b'] }))).toEqual([false]);
  expect(lifts(asks({ test: 'unknown', field: 'tags' }))).toEqual([false]);
  expect(lifts(asks({ test: 'oneOf', field: 'tags', values: ['by hand'] }))).toEqual([true]);
});

test('tags by which somebody was put into a segment are no words to choose from', async () => {
  const tags = ['in:wine', 'vip'];
  const till = await open(await seed([sample.member(1, { extras: writeExtras({ tags }) })], []));
  const words = await till.client['segments.words']({ field: 'tags' });
  expect(words).toEqual([{ word: 'vip', members: 1 }]);
});
