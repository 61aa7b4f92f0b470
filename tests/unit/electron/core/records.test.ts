import { afterEach, expect, test } from 'vitest';
import type { HistoryScope } from '../../../../electron/contract/records.ts';
import type { CardTypeId, StoreId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import type { EntryRow } from '../../../../sync/model/card.ts';
import { seedFolder, type TestTill } from '../../../parts/till.ts';
import * as sample from '../../db/samples.ts';
import { createShelf } from './shelf.ts';

const POINTS = 'points' as CardTypeId;
const COFFEE = 'coffee' as CardTypeId;
const shelf = createShelf();
afterEach(() => shelf.clear());

const RECEIPT = {
  ...{ actorId: 'staff-1', amountMinor: 950, day: '2026-11-21', note: '', receiptNo: 'R-9' },
  ...{ storeId: 'store-1', wallMs: 1_795_000_000_000 },
};

/**
 * Member 1 with a points card and one entry, member 2 with 150 accounts of coffee and a receipt by hand, member 3
 * removed.
 */
async function start(): Promise<TestTill> {
  const dir = shelf.newFolder();
  const many = Array.from({ length: 150 }, (_, at) => at + 10);
  const ofPoints = (n: number) => ({ cardTypeId: POINTS, memberId: sample.memberId(n) });
  await seedFolder(dir, {
    rows: {
      members: [
        sample.member(1, { lastName: '=2+3' }),
        sample.member(2, { extras: JSON.stringify({ receipts: { [sample.opId(9)]: RECEIPT } }) }),
        sample.member(3, { extras: '{"removed":true}' }),
      ],
      cards: [
        ...[1, 3].map((n) => sample.card(n, { ...ofPoints(n), accountId: sample.accountId(n + 500) })),
        ...[10, 11].map((n) => sample.card(n, { cardTypeId: COFFEE, memberId: sample.memberId(2) })),
      ],
      accounts: [
        ...many.map((n) => sample.account(n, { cardTypeId: COFFEE, memberId: sample.memberId(2) })),
        ...[1, 3].map((n) => sample.account(n + 500, ofPoints(n))),
      ],
      entries: [1, 3].map((n) =>
        sample.entry(n, {
          ...{ accountId: sample.accountId(n + 500), memberId: sample.memberId(n), cardId: sample.cardId(n) },
          ...{ kind: 'points.credited', delta: 40, amountMinor: 1_250, receiptNo: '=cmd' },
        }),
      ),
    },
  });
  const till = shelf.open(dir);
  await till.signIn('manager');
  return till;
}

async function exported(till: TestTill, scope: HistoryScope): Promise<string[]> {
  let text = '';
  for (let after: number | null = null; ;) {
    const piece: { text: string; next: number | null } = await till.client['history.export']({
      ...{ scope, after, reason: 'for a test' },
    });
    text += piece.text;
    if (piece.next === null) break;
    after = piece.next;
  }
  return text
    .replace('\uFEFF', '')
    .split('\r\n')
    .filter((line) => line !== '');
}

test('the file of a history begins with the mark that spreadsheets need, unless somebody wants it without', async () => {
  const till = await start();
  const scope = { kind: 'member', memberId: sample.memberId(1) } as const;
  const asked = { scope, after: null, reason: 'for a test' };
  const marked = await till.client['history.export'](asked);
  const plain = await till.client['history.export']({ ...asked, hasBom: false });
  expect([marked.text.slice(0, 10), plain.text.slice(0, 9)]).toEqual(['\uFEFFmember_id', 'member_id']);
});

test('a history of one member has her own entries too, and no cell is run by a spreadsheet', async () => {
  const till = await start();
  const member = await till.client['members.get']({ memberId: sample.memberId(1) });
  await till.client['points.credit']({
    opId: till.opId(),
    cardId: must(member.cards[0], 'a card').cardId,
    ...{ amountMinor: null, receiptNo: '', points: 300, reason: 'gift' },
  });
  const [head, own, confirmed, ...rest] = await exported(till, {
    kind: 'member',
    memberId: sample.memberId(1),
  });
  expect(rest).toEqual([]);
  expect(head).toContain('member_id,member_name,card_number');
  expect(own).toContain(',300,');
  expect(confirmed).toContain('12.50');
  expect(confirmed).toContain(`"'=2+3 Wei 1"`);
  expect(confirmed).toContain(`"'=cmd"`);
});

test('of a card type all holders are in it, also behind many other cards; who was removed is not', async () => {
  const till = await start();
  const lines = await exported(till, { kind: 'cardType', cardTypeId: POINTS });
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(sample.memberId(1));
});

test('a receipt by hand is once in the export of a card type, whatever number of its cards she has (F19)', async () => {
  const till = await start();
  const lines = await exported(till, { kind: 'cardType', cardTypeId: COFFEE });
  expect(lines.filter((line) => line.includes('receipt.added'))).toEqual([
    expect.stringMatching(/,2026-11-21,receipt\.added,0,9\.50,R-9,.*,no$/),
  ]);
});

test('what this till made of a new member ends the file', async () => {
  const till = await start();
  const { member } = await till.client['members.add']({
    ...{ opId: till.opId(), draft: { lastName: 'Lim' }, cardTypeId: POINTS, cardNumber: null },
    hasMarketingConsent: false,
  });
  await till.client['points.credit']({
    opId: till.opId(),
    cardId: must(member.cards[0], 'a card').cardId,
    ...{ amountMinor: 500, receiptNo: '7', points: null, reason: '' },
  });
  const lines = await exported(till, { kind: 'cardType', cardTypeId: POINTS });
  expect(lines.filter((line) => line.includes(member.memberId)).at(-1)).toContain('5.00');
});

test('one member is for a supervisor, everybody for a manager', async () => {
  const till = await start();
  const ask = (scope: HistoryScope) =>
    till.client['history.export']({ scope, after: null, reason: 'for a test' }).then(
      () => 'done',
      (cause: { code: string }) => cause.code,
    );
  const [one, all] = [
    { kind: 'member', memberId: sample.memberId(1) },
    { kind: 'cardType', cardTypeId: POINTS },
  ] as const;
  await till.signIn('supervisor');
  expect([await ask(one), await ask(all)]).toEqual(['done', 'not_allowed']);
  await till.signIn('cashier');
  expect(await ask(one)).toBe('not_allowed');
});

test('without a line the words of this till are told, newest first, and said to be only these', async () => {
  const till = await start();
  const { member } = await till.client['members.add']({
    ...{ opId: till.opId(), draft: { lastName: 'Lim' }, cardTypeId: POINTS, cardNumber: null },
    hasMarketingConsent: true,
  });
  const { memberId } = member;
  await till.client['consents.record']({ opId: till.opId(), memberId, isGranted: false });
  const { from, words } = await till.client['consents.list']({ memberId });
  expect(from).toBe('till');
  expect(words.map(({ isGranted, channel }) => [isGranted, channel])).toEqual([
    [false, 'counter'],
    [true, 'enrolment'],
  ]);
  expect(words[0]).toMatchObject({ isOwnTill: true, policyVersion: '2026-01' });
});

test('a history is read stretch by stretch, own entries on top, or only what came with a receipt', async () => {
  const till = await start();
  const memberId = sample.memberId(1);
  const member = await till.client['members.get']({ memberId });
  const { cardId } = must(member.cards[0], 'a card');
  for (const points of [1, 2, 3])
    await till.client['points.credit']({
      ...{ opId: till.opId(), cardId, amountMinor: null, receiptNo: '', points, reason: 'gift' },
    });
  const list = (only: 'all' | 'receipts', after: number) =>
    till.client['history.list']({ memberId, only, after, limit: 2 });
  const [first, second, receipts] = [await list('all', 0), await list('all', 2), await list('receipts', 0)];
  expect([first, second].map(({ entries }) => entries.map(({ delta }) => delta))).toEqual([
    [3, 2],
    [1, 40],
  ]);
  expect([first.hasMore, second.hasMore]).toEqual([true, false]);
  expect(receipts).toMatchObject({ entries: [{ receiptNo: '=cmd' }], hasMore: false });
});

test('her favourite shop is that of most days, then of the last; what nobody came for counts nothing (F22)', async () => {
  const dir = shelf.newFolder();
  const [near, far] = ['near' as StoreId, 'far' as StoreId];
  const made = (n: number, change: Partial<EntryRow>) => ({
    ...sample.entry(n, change),
    ...{
      accountId: sample.accountId(1),
      memberId: sample.memberId(n > 20 ? 2 : 1),
      cardId: sample.cardId(1),
    },
  });
  await seedFolder(dir, {
    rows: {
      members: [sample.member(1), sample.member(2), sample.member(3)],
      cards: [sample.card(1)],
      accounts: [sample.account(1)],
      entries: [
        ...[1, 2, 3].map((n) => made(n, { storeId: near, businessDay: '2026-11-20' })),
        ...[4, 5].map((n) => made(n, { storeId: far, businessDay: `2026-11-1${n}` })),
        ...[6, 7, 8].map((n) =>
          made(n, { storeId: near, businessDay: `2026-11-0${n}`, kind: 'points.expired' }),
        ),
        ...[21, 22].map((n) => made(n, { storeId: n === 21 ? far : near, businessDay: `2026-11-${n - 10}` })),
      ],
    },
  });
  const till = shelf.open(dir);
  await till.signIn('manager');
  const favourite = (n: number) => till.client['members.favouriteStore']({ memberId: sample.memberId(n) });
  expect(await favourite(1)).toEqual({ store: { name: 'far', visits: 2 } });
  expect(await favourite(2)).toEqual({ store: { name: 'near', visits: 1 } });
  expect(await favourite(3)).toEqual({ store: null });
});
