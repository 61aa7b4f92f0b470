import { expect, test } from 'vitest';
import { createRandom } from '../../../../crm/demo/random.ts';
import type { AccountId, MemberId, OpId, StaffId } from '../../../../sync/base/ids.ts';
import { addDays } from '../../../../sync/base/business-day.ts';
import type { WatchReason } from '../../../../sync/model/inbox.ts';
import { watchCards, type WatchedEntry } from '../../../../sync/segments/own-card-watch.ts';

const TODAY = '2026-11-22';
const DAYS = 28;
const CASHIERS = 6;
const CARDS = 600;

const random = createRandom(20_261_122);
let count = 0;
const entry = (
  over: Partial<WatchedEntry> & { card: number; cashier: number; day: string; minute: number },
) => {
  const { card, cashier, day, minute, ...rest } = over;
  count += 1;
  const made: WatchedEntry = {
    opId: `op-${count}` as OpId,
    accountId: `account-${card}` as AccountId,
    memberId: `member-${card}` as MemberId,
    actorId: `cashier-${cashier}` as StaffId,
    ...{ kind: 'points.credited', delta: 12, amountMinor: 1_200, receiptNo: `${count}`, correctsOpId: null },
    ...{ businessDay: day, wallMs: Date.parse(`${day}T01:00:00Z`) + minute * 60_000 },
  };
  return { ...made, ...rest };
};

/** Four weeks of a shop: regulars with a favourite cashier, rewards after the last stamp, mistakes taken back. */
function honestShop(): WatchedEntry[] {
  const entries: WatchedEntry[] = [];
  for (let back = DAYS - 1; back >= 0; back -= 1) {
    const day = addDays(TODAY, -back);
    for (let at = 0; at < 180; at += 1) {
      const card = random.int(0, 1) === 0 ? random.int(0, 149) : random.int(0, CARDS - 1);
      const isFavourite = random.int(0, 9) < 4;
      const cashier = isFavourite ? card % CASHIERS : random.int(0, CASHIERS - 1);
      const minute = at * 4;
      const stamps = {
        kind: 'stamp.added',
        delta: random.int(1, 3),
        amountMinor: null,
        receiptNo: '',
      } as const;
      const made = entry({ card, cashier, day, minute, ...(random.int(0, 2) === 0 ? stamps : {}) });
      entries.push(made);
      if (random.int(0, 11) === 0)
        entries.push(
          entry({
            card,
            cashier,
            day,
            minute: minute + 1,
            kind: 'reward.redeemed',
            delta: -10,
            amountMinor: null,
            receiptNo: '',
          }),
        );
      if (random.int(0, 60) === 0)
        entries.push(
          entry({
            card,
            cashier,
            day,
            minute: minute + 2,
            kind: 'entry.corrected',
            delta: -made.delta,
            correctsOpId: made.opId,
          }),
        );
    }
  }
  return entries;
}

/** What own cards look like: nine of each kind of fraud, each on a card of its own. */
function frauds(): { entries: WatchedEntry[]; cards: Map<string, WatchReason> } {
  const entries: WatchedEntry[] = [];
  const cards = new Map<string, WatchReason>();
  const without = { amountMinor: null, receiptNo: '' } as const;
  for (let at = 0; at < 9; at += 1) {
    const cashier = at % CASHIERS;
    const often = CARDS + at * 3;
    for (let back = 0; back < 8; back += 1)
      entries.push(entry({ card: often, cashier, day: addDays(TODAY, -back * 3), minute: 20 + at }));
    cards.set(`account-${often}`, 'often');
    const given = often + 1;
    entries.push(entry({ card: given, cashier, day: TODAY, minute: 40 + at, delta: 300, ...without }));
    cards.set(`account-${given}`, 'noSale');
    const spent = often + 2;
    entries.push(
      entry({
        card: spent,
        cashier,
        day: TODAY,
        minute: 60 + at,
        kind: 'stamp.added',
        delta: 10,
        ...without,
      }),
    );
    entries.push(
      entry({
        card: spent,
        cashier,
        day: TODAY,
        minute: 66 + at,
        kind: 'reward.redeemed',
        delta: -10,
        ...without,
      }),
    );
    cards.set(`account-${spent}`, 'spendAfter');
  }
  return { entries, cards };
}

test('of 27 seeded frauds in 5,000 entries every one is found, with at most two false alarms on the day', () => {
  const honest = honestShop();
  const { entries, cards } = frauds();
  const found = watchCards([...honest, ...entries], TODAY);
  const caught = found.filter(({ accountId, reason }) => cards.get(accountId) === reason);
  const falseAlarms = found.filter(({ accountId }) => !cards.has(accountId));
  expect(honest.length).toBeGreaterThan(5_000);
  expect({ recall: new Set(caught.map(({ accountId }) => accountId)).size / cards.size }).toEqual({
    recall: 1,
  });
  expect(falseAlarms.length).toBeLessThanOrEqual(2);
});

test('what was taken back accuses nobody', () => {
  const gift = entry({
    card: 1,
    cashier: 1,
    day: TODAY,
    minute: 5,
    delta: 500,
    amountMinor: null,
    receiptNo: '',
  });
  expect(watchCards([gift], TODAY)).toHaveLength(1);
  const back = entry({
    card: 1,
    cashier: 1,
    day: TODAY,
    minute: 6,
    kind: 'entry.corrected',
    delta: -500,
    correctsOpId: gift.opId,
  });
  expect(watchCards([gift, back], TODAY)).toEqual([]);
});

test('a cashier who is alone in the shop is no suspect for that', () => {
  const alone = Array.from({ length: 60 }, (_, at) =>
    entry({ card: at % 6, cashier: 1, day: addDays(TODAY, -(at % 20)), minute: at }),
  );
  expect(watchCards(alone, TODAY).filter(({ reason }) => reason === 'often')).toEqual([]);
});

test('a sale and its reward at once are an ordinary visit', () => {
  const visit = [
    entry({
      card: 1,
      cashier: 1,
      day: TODAY,
      minute: 5,
      kind: 'stamp.added',
      delta: 1,
      amountMinor: null,
      receiptNo: '',
    }),
    entry({
      card: 1,
      cashier: 1,
      day: TODAY,
      minute: 6,
      kind: 'reward.redeemed',
      delta: -10,
      amountMinor: null,
      receiptNo: '',
    }),
  ];
  expect(watchCards(visit, TODAY)).toEqual([]);
});
