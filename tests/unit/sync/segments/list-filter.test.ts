import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openFile } from '../../../../db/open.ts';
import { openReplica } from '../../../../db/replica/open.ts';
import { Register } from '../../../../db/replica/register/register.ts';
import { registerReader } from '../../../../db/replica/register/register-reader.ts';
import { readExtras, writeExtras } from '../../../../sync/model/extras.ts';
import type { RegisterChoice, RegisterCondition } from '../../../../sync/model/register.ts';
import { isSegmented } from '../../../../sync/segments/facts.ts';
import { filterOf, type ListedPerson } from '../../../../sync/segments/list-filter.ts';
import { closing, KEY, tempFolder } from '../../db/files.ts';
import * as sample from '../../db/samples.ts';

const PEOPLE = 60;
const NOW_MS = 1_795_000_000_000;
const DAY_MS = 86_400_000;
const KINDS = { 'custom:score': 'number', 'custom:source': 'choice', 'custom:since': 'day' } as const;
const pick = <Value>(values: readonly Value[], at: number): Value => values[at % values.length] as Value;

/** A bit of everything, so that each condition means some and not others. */
function personAt(at: number): ListedPerson {
  const custom = {
    ...(at % 3 === 0 ? { score: pick(['9', '10', '-3', 'no number'], at >> 1) } : {}),
    ...(at % 4 === 1 ? { source: pick(['web', 'Shop'], at >> 2) } : {}),
    ...(at % 5 === 2 ? { since: pick(['2026-02-01', '2025-12-31'], at) } : {}),
  };
  const extras = writeExtras({
    ...readExtras(''),
    custom,
    tags: at % 3 === 1 ? ['early', 'rower'] : [],
    groups: at % 7 === 0 ? ['g-one'] : [],
    isRemoved: at % 23 === 0,
  });
  const row = sample.member(at, {
    lastName: pick(['Tan', 'Ångström', '陈', ''], at),
    firstName: pick(['Wei Ling', 'Wei', '伟 明', 'Müller'], at >> 2),
    mobile: pick(['+6591234567', '+6598761234', '+60123456789', null], at),
    email: pick(['a@example.test', 'Büro@example.test', null], at),
    city: pick(['', 'Zürich', 'Katong'], at),
    tier: pick(['', 'gold'], at >> 1),
    tierUntil: pick([null, '2026-05-05'], at),
    dateOfBirth: pick([null, '1990-03-17', '2001-12-31'], at),
    state: pick(['active', 'active', 'locked', 'blocked', 'anonymised'] as const, at),
    createdAtMs: NOW_MS - at * 3 * DAY_MS,
    hasMarketingConsent: at % 2 === 0,
    extras,
  });
  const lastEntryAtMs = at % 4 === 0 ? 0 : NOW_MS - at * 2 * DAY_MS;
  return {
    row,
    hasMarketingConsent: row.hasMarketingConsent,
    cards: [sample.card(at, { status: pick(['active', 'lost'] as const, at) })],
    accounts: [sample.account(at, { entryCount: at % 6, lastEntryAtMs })],
  };
}
const people = Array.from({ length: PEOPLE }, (_, at) => personAt(at + 1));

async function openList(): Promise<Register> {
  const path = join(tempFolder(), 'replica.db');
  const copy = closing(openReplica({ path, keyHex: KEY }));
  // Casts: they were made of whole rows.
  const rows = sample.rows({
    members: people.map(({ row }) => row),
    cards: people.flatMap(({ cards }) => cards as ReturnType<typeof sample.card>[]),
    accounts: people.flatMap(({ accounts }) => accounts as ReturnType<typeof sample.account>[]),
  });
  copy.apply(rows, { epoch: 'e', cursor: PEOPLE, isSettled: true });
  const list = new Register(registerReader(closing(openFile({ path, keyHex: KEY, file: 'replica' }))));
  await list.build(() => Promise.resolve());
  return list;
}

const textColumns = ['name', 'email', 'city', 'lookupId', 'supportId', 'custom:note'] as const;
const wordColumns = ['state', 'tier', 'tags', 'groups', 'cards', 'verified', 'consent', 'store'] as const;
const numberColumns = ['createdAt', 'lastActivity', 'transactions', 'dateOfBirth', 'tierUntil'] as const;
const all = [...textColumns, ...wordColumns, ...numberColumns, ...Object.keys(KINDS), 'mobile', 'phone'];
const column = fc.constantFrom(...all);
const textOp = fc.constantFrom('contains', 'starts', 'ends', 'is');
const bound = fc.constantFrom(null, -3, 9, 10, 3, 19_900_317, 20_260_201, NOW_MS - 30 * DAY_MS);
const condition = fc.oneof(
  fc.record({
    column: fc.constantFrom(...textColumns, 'custom:source'),
    op: textOp,
    text: fc.constantFrom('tan', 'WEI', '伟明', 'zurich', 'müller', 'a@', 'k'),
  }),
  fc.record({
    column: fc.constantFrom('mobile', 'phone'),
    op: textOp,
    text: fc.constantFrom('9123', '1234', '65', '9123 4567', '+60 12 345 6789', '9'),
  }),
  fc.record({ column, op: fc.constantFrom('empty', 'filled') }),
  fc.record({
    column: fc.constantFrom(...wordColumns, 'custom:source'),
    op: fc.constantFrom('anyOf', 'noneOf'),
    values: fc.subarray(['active', 'gold', 'early', 'g-one', 'yes', 'no', 'web', 'coffee'], { minLength: 1 }),
  }),
  fc.record({
    column: fc.constantFrom(...numberColumns, 'custom:score', 'custom:since'),
    op: fc.constant('between' as const),
    from: bound,
    to: bound,
  }),
  fc.record({
    column: fc.constantFrom('createdAt', 'lastActivity'),
    op: fc.constantFrom('within', 'notWithin'),
    days: fc.constantFrom(7, 60),
  }),
  fc.record({
    column: fc.constantFrom('dateOfBirth', 'custom:since'),
    op: fc.constant('inMonth' as const),
    month: fc.constantFrom(3, 2, 12),
  }),
) as fc.Arbitrary<RegisterCondition>;
const match = fc.constantFrom('all' as const, 'any' as const);
const choices: fc.Arbitrary<RegisterChoice> = fc.record({
  filter: fc.record({
    match,
    rules: fc.array(
      fc.oneof(condition, fc.record({ match, rules: fc.array(condition, { minLength: 1, maxLength: 2 }) })),
      { maxLength: 2 },
    ),
  }),
  search: fc.constantFrom('', '', '', 'wei', 'tan wei', '9123', '+65 9123', 'a@ex', 'zz', '+'),
});

test('a saved filter means the same people where there are only rows as it does in the list of all members', async () => {
  const list = await openList();
  const sort = { column: 'name', direction: 'up' } as const;
  const place = { sort, offset: 0, limit: PEOPLE, nowMs: NOW_MS, kinds: KINDS, within: null };
  let found = 0;
  fc.assert(
    fc.property(choices, (choice) => {
      const isMeant = filterOf(choice, { nowMs: NOW_MS, kinds: KINDS, country: 'SG' });
      const meant = people.filter((person) => isSegmented(person.row) && isMeant(person));
      const listed = list.page({ ...readWhole(choice), ...place }).memberIds;
      expect(meant.map(({ row }) => row.memberId).sort()).toEqual([...listed].sort());
      if (meant.length > 0 && meant.length < PEOPLE / 2) found += 1;
    }),
    { numRuns: 400 },
  );
  // Not everybody and not nobody, often enough to tell.
  expect(found).toBeGreaterThan(60);
});

/** The list is told whole numbers in their one notation, as the core does before it asks. */
function readWhole({ filter, search }: RegisterChoice): RegisterChoice {
  const read = (rule: RegisterCondition): RegisterCondition => {
    const isWhole = rule.op === 'is' && (rule.column === 'mobile' || rule.column === 'phone');
    const known: Record<string, string> = { '9123 4567': '+6591234567', '+60 12 345 6789': '+60123456789' };
    return isWhole ? { ...rule, text: known[rule.text] ?? rule.text } : rule;
  };
  const rules = filter.rules.map((rule) =>
    'rules' in rule ? { ...rule, rules: rule.rules.map(read) } : read(rule),
  );
  return { filter: { ...filter, rules }, search };
}
