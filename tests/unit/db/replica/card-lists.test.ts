import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openFile } from '../../../../db/open.ts';
import { openReplica } from '../../../../db/replica/open.ts';
import { cardReader } from '../../../../db/replica/register/card-reader.ts';
import { type CardData, NO_DATA } from '../../../../db/replica/register/card-table.ts';
import { CardRegister } from '../../../../db/replica/register/card-register.ts';
import type { OwnMember } from '../../../../db/replica/register/register-types.ts';
import type { CardScan, ScannedCard } from '../../../../db/replica/repos/card-scan.ts';
import type { RegisterCondition } from '../../../../sync/model/register.ts';
import type { AccountRow, CardRow } from '../../../../sync/model/card.ts';
import { readExtras, writeExtras } from '../../../../sync/model/extras.ts';
import { closing, KEY, tempFolder } from '../files.ts';
import * as sample from '../samples.ts';

const COUNT = 60;
const TODAY = '2026-11-22';
const pick = <Item>(items: readonly Item[], at: number): Item => items[at % items.length] as Item;

const cards: CardRow[] = Array.from({ length: COUNT }, (_, at) =>
  sample.card(at + 1, {
    cardNumber: `603555${String((at * 7_919) % 10_000).padStart(10, '0')}`,
    status: pick(['active', 'active', 'active', 'lost', 'closed'] as const, at),
    expiresOn: pick([null, '2026-01-31', '2027-05-05', '9999-12-31'], at * 5 + (at >> 2)),
    cardTypeId: pick(['points', 'stamp'], at * 3) as CardRow['cardTypeId'],
    issuedAtMs: 1_700_000_000_000 + ((at * 31) % 17) * 86_400_000,
  }),
);
const accounts: AccountRow[] = Array.from({ length: COUNT }, (_, at) =>
  sample.account(at + 1, { balance: ((at * 13) % 40) - 5 }),
);
/** What the chain keeps of some cards: in the rows of their members. */
const KINDS = { 'custom:locker': 'number', 'custom:blend': 'choice', 'custom:note': 'text' } as const;
const customOf = (at: number): Record<string, string> => ({
  ...(at % 3 === 0 ? { locker: String((at * 7) % 30) } : {}),
  ...(at % 4 === 1 ? { blend: pick(['decaf', 'dark'], at >> 2) } : {}),
  ...(at % 5 === 2 ? { note: `Müller ${at}` } : {}),
});
const isInstalledAt = (at: number): boolean => at % 6 === 2;
const extrasOf = (at: number, custom = customOf(at), isInstalled = isInstalledAt(at)): string =>
  writeExtras({
    ...readExtras(''),
    ...(Object.keys(custom).length > 0 && { cards: { [sample.accountId(at)]: custom } }),
    ...(isInstalled && { installed: [sample.cardId(at)] }),
  });
const memberOf = (at: number, extras = extrasOf(at)) => sample.member(at, { extras });

function openCopy(path = join(tempFolder(), 'replica.db')) {
  const copy = closing(openReplica({ path, keyHex: KEY }));
  const members = Array.from({ length: COUNT }, (_, at) => memberOf(at + 1));
  copy.apply(sample.rows({ members, cards, accounts }), { epoch: 'e', cursor: COUNT, isSettled: true });
  return copy;
}

const ALL: CardScan = {
  sort: 'number',
  isDescending: false,
  after: null,
  limit: 100,
  today: TODAY,
  digits: '',
  statuses: [],
  cardTypeIds: [],
  balanceFrom: null,
  balanceTo: null,
  issuedFromMs: null,
  issuedToMs: null,
  expiresFrom: null,
  expiresTo: null,
  isInstalled: null,
  own: [],
  kinds: KINDS,
};
const statusOf = (card: CardRow): CardScan['statuses'][number] =>
  card.status === 'active' && card.expiresOn !== null && card.expiresOn < TODAY ? 'expired' : card.status;
const balanceOf = (card: CardRow): number =>
  accounts.find((row) => row.accountId === card.accountId)?.balance ?? 0;
const keyOf = (card: CardRow, sort: CardScan['sort']): string | number =>
  ({
    number: card.cardNumber,
    issued: card.issuedAtMs,
    expires: card.expiresOn ?? '9999-12-31',
    balance: balanceOf(card),
    status: statusOf(card),
    type: card.cardTypeId,
  })[sort];

const placeOf = (card: CardRow): number => cards.indexOf(card) + 1;
/** Of the rules below, each by its own words. */
function meets(custom: Record<string, string>, rule: RegisterCondition): boolean {
  const value = custom[rule.column.slice('custom:'.length)];
  if (rule.op === 'empty') return value === undefined;
  if (rule.op === 'filled') return value !== undefined;
  if (rule.op === 'contains') return value?.toLowerCase().includes('ller 1') === true;
  if (rule.op === 'noneOf') return value !== 'decaf';
  if (rule.op === 'between') return value !== undefined && Number(value) >= 5 && Number(value) <= 20;
  return value === 'decaf';
}
const OWN: readonly RegisterCondition[] = [
  { column: 'custom:locker', op: 'between', from: 5, to: 20 },
  { column: 'custom:locker', op: 'filled' },
  { column: 'custom:blend', op: 'anyOf', values: ['decaf'] },
  { column: 'custom:blend', op: 'noneOf', values: ['decaf'] },
  { column: 'custom:note', op: 'contains', text: 'LLER 1' },
  { column: 'custom:note', op: 'empty' },
];
const ownRules = fc.subarray([...OWN], { maxLength: 2 });

/** The same by looking at every card. */
function plainly(scan: CardScan): string[] {
  const compare = (one: string | number, other: string | number): number =>
    one < other ? -1 : one > other ? 1 : 0;
  return cards
    .filter(
      (card) =>
        card.cardNumber.includes(scan.digits) &&
        (scan.statuses.length === 0 || scan.statuses.includes(statusOf(card))) &&
        (scan.cardTypeIds.length === 0 || scan.cardTypeIds.includes(card.cardTypeId)) &&
        (scan.balanceFrom === null || balanceOf(card) >= scan.balanceFrom) &&
        (scan.expiresTo === null || (card.expiresOn !== null && card.expiresOn <= scan.expiresTo)) &&
        (scan.isInstalled === null || isInstalledAt(placeOf(card)) === scan.isInstalled) &&
        scan.own.every((rule) => meets(customOf(placeOf(card)), rule)),
    )
    .sort(
      (one, other) =>
        (compare(keyOf(one, scan.sort), keyOf(other, scan.sort)) ||
          compare(one.cardNumber, other.cardNumber)) * (scan.isDescending ? -1 : 1),
    )
    .map(({ cardNumber }) => cardNumber);
}

const scans = fc.record({
  sort: fc.constantFrom('number', 'issued', 'expires', 'balance', 'status', 'type'),
  isDescending: fc.boolean(),
  digits: fc.constantFrom('', '0', '19', '603555'),
  statuses: fc.subarray(['active', 'expired', 'lost', 'closed'] as const),
  cardTypeIds: fc.subarray(['points', 'stamp']),
  balanceFrom: fc.option(fc.integer({ min: -6, max: 30 }), { nil: null }),
  expiresTo: fc.option(fc.constantFrom('2026-06-01', '2030-01-01'), { nil: null }),
  isInstalled: fc.option(fc.boolean(), { nil: null }),
  own: ownRules,
});

test('pages of any sort and conditions are all cards that fit, each once and in order', async () => {
  const copy = openCopy();
  await fc.assert(
    fc.asyncProperty(scans, fc.integer({ min: 1, max: 17 }), async (asked, limit) => {
      const scan: CardScan = { ...ALL, ...asked, limit };
      const found: string[] = [];
      let after: CardScan['after'] = null;
      for (;;) {
        const page = await copy.scanCards({ ...scan, after });
        found.push(...page.map(({ card }) => card.cardNumber));
        const last = page.at(-1);
        if (last === undefined || page.length < limit) break;
        after = { key: last.key, cardNumber: last.card.cardNumber };
      }
      expect(found).toEqual(plainly(scan));
    }),
    { numRuns: 60 },
  );
});

test('pages by number go on where the one before ended, both ways', () => {
  const copy = openCopy();
  const sorted = cards.map(({ cardNumber }) => cardNumber).sort();
  const [from, to] = [sorted[9] ?? '', sorted[20] ?? ''];
  const numbers = (isDescending: boolean) =>
    copy.cardsByNumber({ from, to, isDescending, limit: 5 }).map(({ cardNumber }) => cardNumber);
  expect(numbers(false)).toEqual(sorted.slice(10, 15));
  expect(numbers(true)).toEqual(sorted.slice(15, 20).reverse());
});

/** All pages of what is asked for, by the answers of whoever is asked. */
async function pagesOf(
  ask: (scan: CardScan) => Promise<ScannedCard[]> | ScannedCard[],
  scan: CardScan,
): Promise<ScannedCard[]> {
  const found: ScannedCard[] = [];
  for (let after: CardScan['after'] = null; ;) {
    const page = await ask({ ...scan, after });
    found.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < scan.limit) return found;
    after = { key: last.key, cardNumber: last.card.cardNumber };
  }
}

interface Also {
  account?: Partial<AccountRow> | null;
  /** Null leaves the member's row as it is. */
  extras?: string | null;
}

/** A copy and the list of its cards in memory, which is told of each write. */
async function openList() {
  const path = join(tempFolder(), 'replica.db');
  const copy = openCopy(path);
  const list = new CardRegister(cardReader(closing(openFile({ path, keyHex: KEY, file: 'replica' }))));
  await list.build(() => Promise.resolve());
  copy.onWrite?.((change) => change.kind === 'rows' && list.refresh(change.memberIds, change.accountNos));
  let seq = 1_000;
  const write = (at: number, card: Partial<CardRow>, also: Also = {}): void => {
    const { account = null, extras = at > COUNT ? '' : null } = also;
    seq += 1;
    const rows = sample.rows({
      members: extras === null ? [] : [{ ...memberOf(at, extras), seq }],
      cards: [sample.card(at, { ...cards[at - 1], ...card, seq })],
      accounts: account === null ? [] : [sample.account(at, { ...accounts[at - 1], ...account, seq })],
    });
    copy.apply(rows, { epoch: 'e', cursor: seq, isSettled: true });
  };
  return { copy, list, write };
}

const writes = fc.record({
  at: fc.integer({ min: 1, max: COUNT + 9 }),
  status: fc.constantFrom('active', 'lost', 'closed') as fc.Arbitrary<CardRow['status']>,
  expiresOn: fc.constantFrom(null, '2026-01-31', '2026-11-22', '2028-02-29'),
  balance: fc.option(fc.integer({ min: -9, max: 50 }), { nil: null }),
  data: fc.option(
    fc.record({
      custom: fc.constantFrom({}, { locker: '9' }, { blend: 'decaf' }),
      isInstalled: fc.boolean(),
    }),
    { nil: null },
  ),
});
const days = fc.constantFrom(TODAY, '2026-11-23', '2026-01-01');
const DAY_1 = 1_700_000_000_000;
const condition: fc.Arbitrary<Partial<CardScan>> = fc.oneof(
  fc.record({ digits: fc.constantFrom('0', '19', '603555') }),
  fc.record({ statuses: fc.subarray(['active', 'expired', 'lost', 'closed'] as const) }),
  fc.record({ cardTypeIds: fc.subarray(['points', 'stamp']) }),
  fc.record({ balanceFrom: fc.integer({ min: -6, max: 30 }) }),
  fc.record({ balanceTo: fc.integer({ min: -6, max: 30 }) }),
  fc.record({ expiresFrom: fc.constantFrom('2026-01-31', '2026-11-23', '9999-12-31') }),
  fc.record({ expiresTo: fc.constantFrom('2026-06-01', '2030-01-01') }),
  fc.record({ isInstalled: fc.boolean() }),
  fc.record({ own: ownRules }),
  fc.record({ issuedFromMs: fc.constant(DAY_1 + 5 * 86_400_000) }),
  fc.record({ issuedToMs: fc.constant(DAY_1 + 9 * 86_400_000) }),
);
/** Few conditions at once, or hardly any card fits. */
const asked: fc.Arbitrary<CardScan> = fc
  .record({
    sort: fc.constantFrom('number', 'issued', 'expires', 'balance', 'status', 'type'),
    isDescending: fc.boolean(),
    today: days,
    limit: fc.integer({ min: 1, max: 40 }),
    conditions: fc.array(condition, { maxLength: 2 }),
  })
  .map(({ conditions, ...rest }) => Object.assign({}, ALL, ...conditions, rest) as CardScan);

test('the list in memory answers as the file does, whatever was written meanwhile', async () => {
  const { copy, list, write } = await openList();
  await fc.assert(
    fc.asyncProperty(fc.array(writes, { maxLength: 3 }), asked, async (written, wanted) => {
      const compare = async (): Promise<void> =>
        expect(await pagesOf((each) => list.page(each), wanted)).toEqual(
          await pagesOf((each) => copy.scanCards(each), wanted),
        );
      await compare();
      for (const { at, balance, data, ...card } of written) {
        const extras = data === null ? null : extrasOf(at, data.custom, data.isInstalled);
        const known = extras ?? (at > COUNT ? '' : null);
        write(at, card, { account: balance === null ? null : { balance }, extras: known });
      }
      await compare();
    }),
    { numRuns: 120 },
  );
});

const toOwn = (at: number, cardRows: OwnMember['cardRows']): OwnMember => {
  const member = sample.member(at);
  const facts = { ...member, isListed: true, groups: [], tags: [], verified: [], custom: {} };
  return { memberId: member.memberId, facts, texts: {}, cards: [], cardRows, accounts: [] };
};
const WIDE = 10_000;
const wordData = (at: number): CardData => ({ custom: { note: `word ${at}` }, isInstalled: false });
const BY_BALANCE: CardScan = { ...ALL, sort: 'balance', isDescending: true, limit: 3 };
const numbersIn = (found: readonly ScannedCard[]): string[] => found.map(({ card }) => card.cardNumber);

test('own unsent actions count in the list, until the copy is right again', async () => {
  const { copy, list, write } = await openList();
  const first = sample.card(1, cards[0]);
  const fresh = sample.card(99, { cardNumber: '6035559999999999', memberId: first.memberId });
  list.setOwn(
    [
      toOwn(1, [
        {
          card: { ...first, status: 'lost' },
          balance: 900,
          data: { custom: { locker: '12' }, isInstalled: true },
        },
        { card: fresh, balance: 800, data: NO_DATA },
      ]),
    ],
    [],
  );
  expect(numbersIn(list.page(BY_BALANCE)).slice(0, 2)).toEqual([first.cardNumber, fresh.cardNumber]);
  const lost = list.page({ ...ALL, statuses: ['lost'] });
  expect(lost.find(({ card }) => card.cardId === first.cardId)?.card.status).toBe('lost');
  const mine = { own: [{ column: 'custom:locker', op: 'is', text: '12' }], isInstalled: true } as const;
  expect(numbersIn(list.page({ ...ALL, ...mine }))).toContain(first.cardNumber);
  // What the centre writes about her meanwhile does not take her own actions back.
  write(1, { statusReason: 'seen' }, { account: { balance: 1 } });
  expect(numbersIn(list.page(BY_BALANCE))[0]).toBe(first.cardNumber);
  // The page behind one of her cards goes on where that card stands now.
  const after = { key: 900, cardNumber: first.cardNumber };
  expect(numbersIn(list.page({ ...BY_BALANCE, after }))[0]).toBe(fresh.cardNumber);
  list.setOwn([], [first.memberId]);
  expect(numbersIn(list.page(ALL))).not.toContain(fresh.cardNumber);
  expect(list.page(BY_BALANCE)).toEqual(await copy.scanCards(BY_BALANCE));
});

test('a card that only this till knew is the same one once the copy has it', async () => {
  const { copy, list, write } = await openList();
  const own = sample.card(COUNT + 5, { cardNumber: '6035559999999998' });
  list.setOwn([toOwn(COUNT + 5, [{ card: own, balance: 7, data: NO_DATA }])], []);
  write(COUNT + 5, { cardNumber: own.cardNumber }, { account: { balance: 7 } });
  const scan: CardScan = { ...ALL, digits: own.cardNumber };
  expect(numbersIn(list.page(scan))).toEqual([own.cardNumber]);
  list.setOwn([], [own.memberId]);
  expect(list.page(scan)).toEqual(await copy.scanCards(scan));
  expect(list.memory().slots).toBe(COUNT + 1);
});

test('an attribute with more values than are held in memory is asked of the file, own actions counted', async () => {
  const { copy, list } = await openList();
  // As many words as make it wide: none of them is anybody's.
  for (let at = 0; at <= WIDE; at += 1)
    list.setOwn([toOwn(1, [{ card: sample.card(1, cards[0]), balance: 1, data: wordData(at) }])], []);
  const note: CardScan = { ...ALL, own: [{ column: 'custom:note', op: 'contains', text: 'ller' }] };
  const own: CardScan = { ...ALL, own: [{ column: 'custom:note', op: 'is', text: `word ${WIDE}` }] };
  expect(numbersIn(list.page(own))).toEqual([cards[0]?.cardNumber]);
  list.setOwn([], [sample.memberId(1)]);
  expect(list.page(note)).toEqual(await copy.scanCards(note));
  expect(numbersIn(list.page(note))).toHaveLength(12);
});
