import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openFile } from '../../../../../db/open.ts';
import { openReplica } from '../../../../../db/replica/open.ts';
import { Register } from '../../../../../db/replica/register/register.ts';
import { registerReader } from '../../../../../db/replica/register/register-reader.ts';
import type { OwnMember } from '../../../../../db/replica/register/register-types.ts';
import { readExtras, writeExtras } from '../../../../../sync/model/extras.ts';
import type { MemberRow } from '../../../../../sync/model/member.ts';
import {
  NO_FILTER,
  type RegisterCondition,
  type RegisterFilter,
  type RegisterSort,
} from '../../../../../sync/model/register.ts';
import { KEY, tempFolder } from '../../files.ts';
import { account, card, member, memberId, rows } from '../../samples.ts';

const NOW_MS = 1_795_000_000_000;
const DAY_MS = 86_400_000;
const PEOPLE = 24;

/** Someone as the reference knows her: her rows, and what this till did on top. */
interface Known {
  row: MemberRow;
  own: MemberRow | null;
  lastEntryAtMs: number;
  entryCount: number;
}

const shownRow = ({ row, own }: Known): MemberRow => own ?? row;
const isListed = (known: Known): boolean => {
  const { state, mergedIntoId, extras } = shownRow(known);
  return state !== 'anonymised' && mergedIntoId === null && !readExtras(extras).isRemoved;
};
const nameOf = (row: MemberRow): string => `${row.lastName} ${row.firstName}`.trim().toLowerCase();

/** The value that a column sorts by: a text or a number; null for none. */
function valueOf(known: Known, column: string): string | number | null {
  const row = shownRow(known);
  switch (column) {
    case 'name':
      return nameOf(row) || null;
    case 'mobile':
      return row.mobile;
    case 'createdAt':
      return row.createdAtMs;
    case 'lastActivity':
      return known.lastEntryAtMs === 0 ? null : known.lastEntryAtMs;
    case 'state':
      return ['active', 'locked', 'blocked'].indexOf(row.state);
    case 'tier':
      return row.tier.toLowerCase() || null;
    case 'email':
      return row.email;
    default:
      return readExtras(row.extras).custom['source'] ?? null;
  }
}

function compare(left: string | number | null, right: string | number | null, isDown: boolean): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  const order = left < right ? -1 : left > right ? 1 : 0;
  return isDown ? -order : order;
}

function holds(known: Known, rule: RegisterCondition): boolean {
  const value = valueOf(known, rule.column);
  switch (rule.op) {
    case 'contains':
      return value !== null && String(value).includes(rule.text);
    case 'starts':
      return value !== null && String(value).replace('+', '').startsWith(rule.text);
    case 'empty':
      return value === null;
    case 'anyOf':
      return rule.values.includes(rule.column === 'tier' ? shownRow(known).tier : shownRow(known).state);
    case 'noneOf':
      return !rule.values.includes(rule.column === 'tier' ? shownRow(known).tier : shownRow(known).state);
    case 'within':
      return typeof value === 'number' && value >= NOW_MS - rule.days * DAY_MS;
    case 'ends':
    case 'is':
    case 'filled':
    case 'between':
    case 'notWithin':
    case 'inMonth':
      throw new Error('the reference does not know it');
  }
}

function meets(known: Known, { match, rules }: RegisterFilter): boolean {
  const met = rules.map((rule) => ('rules' in rule ? meets(known, rule) : holds(known, rule)));
  return match === 'all' ? met.every(Boolean) : rules.length === 0 || met.some(Boolean);
}

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
    extras: pick('', writeExtras({ custom: { source: 'web' } }), writeExtras({ custom: { source: 'shop' } })),
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
  column: pick('name', 'mobile', 'createdAt', 'lastActivity', 'state', 'tier', 'email', 'custom:source'),
  direction: pick('up' as const, 'down' as const),
});

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function toOwn(known: Known, row: MemberRow): OwnMember {
  const extras = readExtras(row.extras);
  return {
    memberId: row.memberId,
    facts: { ...row, isListed: isListed({ ...known, own: row }), groups: extras.groups, tags: extras.tags },
    texts: { email: row.email ?? '', 'custom:source': extras.custom['source'] ?? '' },
    cards: [],
    accounts: [{ entryCount: known.entryCount, lastEntryAtMs: known.lastEntryAtMs }],
  };
}

/** A copy, its list, and what a person with paper would know of both. */
async function openScene() {
  const path = join(tempFolder(), 'replica.db');
  const replica = openReplica({ path, keyHex: KEY });
  const known = new Map<number, Known>();
  let seq = 1_000;
  const write = (who: number, changed: Change): void => {
    const before = known.get(who);
    const { isRemoved = false, visitDays, ...fields } = changed;
    const merged = { ...(before?.row ?? member(who)), ...fields, seq: (seq += 1) };
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
  for (let who = 1; who <= PEOPLE / 2; who += 1) write(who, {});
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
      async (rounds) => {
        const scene = await openScene();
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
    { numRuns: 40 },
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
  const page = { search: '', sort, offset: 0, limit: 100, nowMs: NOW_MS };
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
    }).memberIds;
  expect(
    ['hua goh', '0012', 'A@EXAMPLE', 'lk20', 'sup-20'].map((text) => find(text).includes(memberId(20))),
  ).toEqual([true, true, true, true, true]);
  expect(find('no such person')).toEqual([]);
  scene.close();
});
