import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openReplica } from '../../../../db/replica/open.ts';
import type { CardScan } from '../../../../db/replica/repos/card-scan.ts';
import type { AccountRow, CardRow } from '../../../../sync/model/card.ts';
import { closing, KEY, tempFolder } from '../files.ts';
import * as sample from '../samples.ts';

const COUNT = 60;
const TODAY = '2026-11-22';
const pick = <Item>(items: readonly Item[], at: number): Item => items[at % items.length] as Item;

const cards: CardRow[] = Array.from({ length: COUNT }, (_, at) =>
  sample.card(at + 1, {
    cardNumber: `603555${String((at * 7_919) % 10_000).padStart(10, '0')}`,
    status: pick(['active', 'active', 'active', 'lost', 'closed'] as const, at),
    expiresOn: pick([null, '2026-01-31', '2027-05-05'], at * 5 + (at >> 2)),
    cardTypeId: pick(['points', 'stamp'], at * 3) as CardRow['cardTypeId'],
    issuedAtMs: 1_700_000_000_000 + ((at * 31) % 17) * 86_400_000,
  }),
);
const accounts: AccountRow[] = Array.from({ length: COUNT }, (_, at) =>
  sample.account(at + 1, { balance: ((at * 13) % 40) - 5 }),
);
function openCopy() {
  const copy = closing(openReplica({ path: join(tempFolder(), 'replica.db'), keyHex: KEY }));
  const members = Array.from({ length: COUNT }, (_, at) => sample.member(at + 1));
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
        (scan.expiresTo === null || (card.expiresOn !== null && card.expiresOn <= scan.expiresTo)),
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
