import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openFile } from '../../../../../db/open.ts';
import { openReplica } from '../../../../../db/replica/open.ts';
import { Register } from '../../../../../db/replica/register/register.ts';
import { registerReader } from '../../../../../db/replica/register/register-reader.ts';
import type { OwnMember } from '../../../../../db/replica/register/register-types.ts';
import { readExtras, verifiedWords, writeExtras } from '../../../../../sync/model/extras.ts';
import type { MemberRow } from '../../../../../sync/model/member.ts';
import {
  type ColumnKinds,
  NO_FILTER,
  type RegisterCondition,
  type RegisterFilter,
  type RegisterSort,
} from '../../../../../sync/model/register.ts';
import { KEY, tempFolder } from '../../files.ts';
import { account, card, member, memberId, rows } from '../../samples.ts';
import { compare, DAY_MS, isListed, type Known, KINDS, meets, NOW_MS, valueOf } from './reference.ts';

const PEOPLE = 24;
/** More of the chain's own columns than are held ready: those that come after them are read from the file. */
const FILLING = Object.fromEntries(Array.from({ length: 16 }, (_, at) => [`filling${at}`, 'x']));

const pick = <Value>(...values: Value[]) => fc.constantFrom(...values);
const change = fc.record(
  {
    lastName: pick('Tan', 'Lim', 'Ng', 'Ångström Lindqvist', '陈', ''),
    firstName: pick('Wei', 'Wei Ling', 'a very long first name indeed', '伟明', ''),
    mobile: pick('+6591234567', '+6591234568', '+60123456789', null),
    createdAtMs: fc.integer({ min: 1_700_000_000_000, max: NOW_MS }),
    state: pick('active', 'locked', 'blocked', 'anonymised') as fc.Arbitrary<MemberRow['state']>,
    tier: pick('', 'Gold', 'Silver'),
    email: pick(null, 'a@example.test', 'b@example.test'),
    extras: fc
      .record(
        {
          source: pick('web', 'shop'),
          score: pick('9', '10', '-3', '2.5', '100'),
          born: pick('1999-12-01', '2000-01-31', '2000-02-01'),
        },
        { requiredKeys: [] },
      )
      .map((custom) => writeExtras({ custom: custom as Record<string, string> })),
    isRemoved: fc.boolean(),
    visitDays: fc.integer({ min: 0, max: 90 }),
  },
  { requiredKeys: [] },
);
const step = fc.record({
  kind: pick('row', 'own', 'drop') as fc.Arbitrary<'row' | 'own' | 'drop'>,
  who: fc.integer({ min: 1, max: PEOPLE }),
  change,
});
const condition: fc.Arbitrary<RegisterCondition> = fc.oneof(
  fc.record({ column: pick('name'), op: pick('contains' as const), text: pick('tan', 'wei', 'long') }),
  fc.record({
    column: pick('mobile'),
    op: pick('contains' as const, 'starts' as const),
    text: pick('6591', '234', '60'),
  }),
  fc.record({
    column: pick('tier'),
    op: pick('anyOf' as const, 'noneOf' as const),
    values: pick(['Gold'], ['Silver', 'Gold']),
  }),
  fc.record({
    column: pick('state'),
    op: pick('anyOf' as const),
    values: pick(['locked'], ['active', 'blocked']),
  }),
  fc.record({ column: pick('email', 'mobile', 'lastActivity'), op: pick('empty' as const) }),
  fc.record({
    column: pick('lastActivity', 'createdAt'),
    op: pick('within' as const),
    days: fc.integer({ min: 1, max: 80 }),
  }),
  fc.record({ column: pick('custom:source'), op: pick('contains' as const), text: pick('we', 'shop') }),
  fc.record({
    column: pick('custom:score', 'custom:born', 'custom:source'),
    op: pick('empty' as const, 'filled' as const),
  }),
  fc.record({
    column: pick('custom:score'),
    op: pick('between' as const),
    from: pick(-3, 2.5, 9, null),
    to: pick(10, 9.5, 99, null),
  }),
  fc.record({
    column: pick('custom:born'),
    op: pick('between' as const),
    from: pick(19_991_201, 20_000_131, null),
    to: pick(20_000_131, 20_000_228, null),
  }),
  fc.record({ column: pick('custom:born'), op: pick('inMonth' as const), month: pick(1, 12) }),
);
const group = fc.record({
  match: pick('all' as const, 'any' as const),
  rules: fc.array(condition, { minLength: 1, maxLength: 3 }),
});
const filter: fc.Arbitrary<RegisterFilter> = fc.record({
  match: pick('all' as const, 'any' as const),
  rules: fc.array(fc.oneof(condition, group), { maxLength: 3 }),
});
const sort: fc.Arbitrary<RegisterSort> = fc.record({
  column: pick(
    ...['name', 'mobile', 'createdAt', 'lastActivity', 'state', 'tier', 'email'],
    ...['custom:source', 'custom:score', 'custom:born'],
  ),
  direction: pick('up' as const, 'down' as const),
});

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function toOwn(known: Known, row: MemberRow): OwnMember {
  const extras = readExtras(row.extras);
  return {
    memberId: row.memberId,
    facts: {
      ...{ ...row, isListed: isListed({ ...known, own: row }) },
      ...{ groups: extras.groups, tags: extras.tags, custom: extras.custom },
      verified: verifiedWords(extras.verified),
    },
    texts: {
      email: row.email ?? '',
      ...Object.fromEntries(Object.entries(extras.custom).map(([id, value]) => [`custom:${id}`, value])),
    },
    cards: [],
    cardRows: [],
    accounts: [{ entryCount: known.entryCount, lastEntryAtMs: known.lastEntryAtMs }],
  };
}

/** A copy, its list, and what a person with paper would know of both. */
async function openScene({ isFilled }: { isFilled: boolean } = { isFilled: false }) {
  const path = join(tempFolder(), 'replica.db');
  const replica = openReplica({ path, keyHex: KEY });
  const known = new Map<number, Known>();
  let seq = 1_000;
  const write = (who: number, changed: Change): void => {
    const before = known.get(who);
    const { isRemoved = false, visitDays, ...fields } = changed;
    // Whoever was erased stays so: a copy takes no later row of her that says otherwise.
    const isErased = before?.row.state === 'anonymised';
    const merged = { ...(before?.row ?? member(who)), ...(isErased ? {} : fields), seq: (seq += 1) };
    const row = isRemoved
      ? { ...merged, extras: writeExtras({ ...readExtras(merged.extras), isRemoved }) }
      : merged;
    const lastEntryAtMs =
      visitDays === undefined ? (before?.lastEntryAtMs ?? 0) : NOW_MS - visitDays * DAY_MS;
    const entryCount = lastEntryAtMs === 0 ? 0 : 1;
    known.set(who, { row, own: before?.own ?? null, lastEntryAtMs, entryCount });
    const holdings = {
      cards: [card(who, { seq })],
      accounts: [account(who, { seq, lastEntryAtMs, entryCount })],
    };
    replica.apply(rows({ members: [row], ...holdings }), { epoch: 'e', cursor: seq, isSettled: true });
  };
  const filled = writeExtras({ custom: FILLING });
  for (let who = 1; who <= PEOPLE / 2; who += 1) write(who, isFilled && who === 1 ? { extras: filled } : {});
  const raw = openFile({ path, keyHex: KEY, file: 'replica' });
  const register = new Register(registerReader(raw));
  await register.build(() => Promise.resolve());
  return { known, register, write, close: () => [raw.close(), replica.close()] };
}
type Scene = Awaited<ReturnType<typeof openScene>>;

function take(
  { known, register, write }: Scene,
  { kind, who, change: changed }: { kind: 'row' | 'own' | 'drop'; who: number; change: Change },
): void {
  const before = known.get(who);
  if (kind === 'row') {
    write(who, changed);
    register.refresh([memberId(who)]);
    // As the keeper does: what this till did is laid over the new rows.
    const now = known.get(who);
    if (now?.own != null) register.setOwn([toOwn(now, now.own)], []);
    return;
  }
  if (before === undefined) return;
  const { isRemoved: _, visitDays: __, ...fields } = changed;
  const own = kind === 'own' ? { ...before.row, ...fields } : null;
  if (own === null && before.own === null) return;
  known.set(who, { ...before, own });
  if (own === null) register.setOwn([], [memberId(who)]);
  else register.setOwn([toOwn(before, own)], []);
}

test('whatever changes, the list says what a naive one says: the same people, sorted, each once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.array(step, { maxLength: 4 }), filter, sort), { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      async (rounds, isFilled) => {
        const scene = await openScene({ isFilled });
        try {
          for (const [steps, asked, by] of rounds) {
            for (const each of steps) take(scene, each);
            const page = scene.register.page({
              filter: asked,
              search: '',
              sort: by,
              offset: 0,
              limit: 100,
              nowMs: NOW_MS,
              kinds: KINDS,
            });
            const meant = [...scene.known.values()].filter((each) => isListed(each) && meets(each, asked));
            expect([...page.memberIds].sort()).toEqual(meant.map(({ row }) => row.memberId).sort());
            expect(page.total).toBe(meant.length);
            const byId = new Map(meant.map((each) => [String(each.row.memberId), each]));
            const values = page.memberIds.map((id) =>
              valueOf(byId.get(id) ?? meant[0] ?? never(), by.column),
            );
            if (by.column === 'name') continue;
            expect(values).toEqual(
              [...values].sort((left, right) => compare(left, right, by.direction === 'down')),
            );
          }
        } finally {
          scene.close();
        }
      },
    ),
    { numRuns: 60 },
  );
});

function never(): never {
  throw new Error('nobody was meant');
}

test('pages are cut out of one order: no member twice, none missing', async () => {
  const scene = await openScene();
  const ask = {
    filter: NO_FILTER,
    search: '',
    sort: { column: 'mobile', direction: 'down' },
    nowMs: NOW_MS,
    kinds: KINDS,
  } as const;
  const cut = [0, 5, 10].flatMap((offset) => scene.register.page({ ...ask, offset, limit: 5 }).memberIds);
  expect(cut).toEqual(scene.register.page({ ...ask, offset: 0, limit: 100 }).memberIds);
  expect(new Set(cut).size).toBe(PEOPLE / 2);
  scene.close();
});

test('who went on as somebody else is not listed, her cards and visits are the other’s, and so is her no to marketing', async () => {
  const scene = await openScene();
  scene.write(3, { visitDays: 2 });
  const former = scene.known.get(3)?.row ?? never();
  const path = scene;
  path.write(3, { ...former, mergedIntoId: memberId(4), hasMarketingConsent: false } as Change);
  scene.register.refresh([memberId(3)]);
  const sort = { column: 'name', direction: 'up' } as const;
  const page = { search: '', sort, offset: 0, limit: 100, nowMs: NOW_MS, kinds: KINDS };
  const recent = scene.register.page({
    ...page,
    filter: { match: 'all', rules: [{ column: 'lastActivity', op: 'within', days: 5 }] },
  });
  expect(recent.memberIds).toEqual([memberId(4)]);
  const willing = scene.register.page({
    ...page,
    filter: { match: 'all', rules: [{ column: 'consent', op: 'anyOf', values: ['yes'] }] },
  });
  expect(willing.memberIds).not.toContain(memberId(4));
  scene.close();
});

test('a search finds a part of a name in any order of its words, a part of a number, the start of an e-mail or an id', async () => {
  const scene = await openScene();
  scene.write(20, { lastName: 'Goh', firstName: 'Mei Hua', mobile: '+6590001234', email: 'a@example.test' });
  scene.register.refresh([memberId(20)]);
  const find = (search: string) =>
    scene.register.page({
      filter: NO_FILTER,
      search,
      sort: { column: 'name', direction: 'up' },
      offset: 0,
      limit: 100,
      nowMs: NOW_MS,
      kinds: KINDS,
    }).memberIds;
  expect(
    ['hua goh', '0012', 'A@EXAMPLE', 'lk20', 'sup-20'].map((text) => find(text).includes(memberId(20))),
  ).toEqual([true, true, true, true, true]);
  expect(find('no such person')).toEqual([]);
  scene.close();
});

test.each([false, true])(
  'numbers of the chain’s own sort as numbers and days as days, who has none comes last both ways, read from the file %s',
  async (isFilled) => {
    const scene = await openScene({ isFilled });
    const put = (who: number, custom: Record<string, string>): void => {
      scene.write(who, { extras: writeExtras({ custom }) });
      scene.register.refresh([memberId(who)]);
    };
    put(2, { score: '10', born: '2001-02-03' });
    put(3, { score: '9', born: '1999-12-31' });
    put(4, { score: '-7' });
    put(5, { score: '9.5', born: 'before it was a day' });
    const first = (column: string, direction: 'up' | 'down', limit: number): string[] =>
      scene.register.page({
        ...{ filter: NO_FILTER, search: '', sort: { column, direction }, nowMs: NOW_MS },
        ...{ kinds: KINDS, offset: 0, limit },
      }).memberIds;
    expect(first('custom:score', 'up', 4)).toEqual([4, 3, 5, 2].map(memberId));
    expect(first('custom:score', 'down', 4)).toEqual([2, 5, 3, 4].map(memberId));
    expect(first('custom:born', 'down', 2)).toEqual([2, 3].map(memberId));
    scene.close();
  },
);

test('an attribute that becomes a number is sorted anew as one', async () => {
  const scene = await openScene();
  scene.write(2, { extras: writeExtras({ custom: { size: '10' } }) });
  scene.write(3, { extras: writeExtras({ custom: { size: '9' } }) });
  scene.register.refresh([memberId(2), memberId(3)]);
  const first = (kinds: ColumnKinds): string[] =>
    scene.register.page({
      ...{ filter: NO_FILTER, search: '', sort: { column: 'custom:size', direction: 'up' }, nowMs: NOW_MS },
      ...{ kinds, offset: 0, limit: 2 },
    }).memberIds;
  expect(first({})).toEqual([2, 3].map(memberId));
  expect(first({ 'custom:size': 'number' })).toEqual([3, 2].map(memberId));
  scene.close();
});
