import { expect, test } from 'vitest';
import { answerItem } from '../../../crm/inbox/answers.ts';
import { nodeCrypto } from '../../../crm/node-crypto.ts';
import type { StaffId } from '../../../sync/base/ids.ts';
import { WHOLE_CHAIN } from '../../../sync/base/ids.ts';
import { CardType, documentSum } from '../../../sync/model/chain.ts';
import type { OpBody } from '../../../sync/model/op.ts';
import { nextVersion, rulesIn } from '../../../sync/programmes/card-rules.ts';
import type { InboxAnswer } from '../../../sync/protocol/inbox.ts';
import type { CardRef, Pen, PenCentre } from '../../parts/pen.ts';
import { penForEach } from './pen-for-each.ts';

let centre: PenCentre;
let pen: Pen;
let stamps: CardRef;
let points: CardRef;

penForEach(async (made) => {
  centre = made;
  pen = await made.till('till-a');
  stamps = pen.enrol();
  pen.cardTypeId = 'points';
  points = pen.enrol();
  pen.actorId = 'anna';
  await pen.push();
});

const V1 = { cardTypeVersion: 1 };
const BOUGHT = { amountMinor: 100, receiptNo: '' };
const byHand = { amountMinor: null, receiptNo: '' };
const fates = async () => (await pen.fates()).slice(2).map(({ held, released }) => [held, released !== null]);

async function heldAs(body: OpBody): Promise<string | null> {
  pen.write(body);
  await pen.push();
  return (await pen.fates()).at(-1)?.held ?? null;
}

async function answer(answered: InboxAnswer): Promise<void> {
  const [item] = await centre.rows<{ id: string }>(
    `select id from inbox where state = 'open' and kind = 'held_op' order by seq limit 1`,
  );
  const answering = { id: item?.id ?? '', managerId: 'boss' as StaffId, reason: '', answer: answered };
  await centre.runUnit((store) => answerItem(store, answering, { crypto: nodeCrypto, nowMs: centre.nowMs }));
}

const coffee = async (): Promise<CardType> => {
  const found = await centre.rows<{ body: unknown }>(
    `select body from documents where kind = 'card-type' and id = 'coffee'`,
  );
  return CardType.parse(found[0]?.body);
};

function saved(current: CardType, change: Partial<CardType>): OpBody {
  const body = nextVersion(current, { ...rulesIn(current), ...change });
  return {
    ...{ kind: 'document.saved', memberId: WHOLE_CHAIN, docKind: 'card-type', id: body.cardTypeId },
    ...{ baseVersion: current.version, baseSum: documentSum(current), body: { ...body } },
  };
}

test('what no rule of the card type gives is held with its reason and moves nothing; the rest flows', async () => {
  const reward = { kind: 'reward.redeemed' as const, ...stamps, ...V1 };
  const credited = { kind: 'points.credited' as const, ...points, ...V1, ...BOUGHT, reason: '' };
  const bodies: [OpBody, string | null][] = [
    [{ kind: 'stamp.added', ...stamps, ...byHand, cardTypeVersion: 99, count: 1 }, 'unknown_rule'],
    [{ kind: 'stamp.added', ...stamps, ...byHand, ...V1, count: 1_000_000_000 }, 'beyond_rule'],
    [{ kind: 'stamp.added', ...stamps, ...byHand, ...V1, count: 51 }, 'beyond_rule'],
    [{ ...reward, rewardId: 'car', cost: 1 }, 'unknown_reward'],
    [{ ...reward, rewardId: 'cup', cost: 1 }, 'beyond_rule'],
    [{ ...credited, ...stamps, points: 1 }, 'wrong_kind'],
    [{ ...credited, points: 777_777 }, 'beyond_rule'],
    [{ ...credited, points: 101 }, 'beyond_rule'],
    [{ ...credited, points: 100 }, null],
    [{ kind: 'visits.added', ...points, ...byHand, ...V1, count: 1 }, 'wrong_kind'],
    [{ kind: 'stamp.added', ...stamps, ...byHand, ...V1, count: 50 }, null],
    [{ ...reward, rewardId: 'cup', cost: 10 }, null],
  ];
  for (const [body] of bodies) pen.write(body);
  await pen.push();
  expect((await pen.fates()).slice(2).map(({ held }) => held)).toEqual(bodies.map(([, held]) => held));
  expect([await centre.balance(stamps.accountId), await centre.balance(points.accountId)]).toEqual([40, 100]);
  const items = await centre.rows<{ reason: string }>(
    `select detail ->> 'reason' as reason from inbox where kind = 'held_op' order by seq`,
  );
  expect(items.map(({ reason }) => reason)).toEqual(bodies.flatMap(([, held]) => held ?? []));
});

test('a card comes with what its type gives; other balances are an import, which is a manager’s', async () => {
  const card = (openingUnits: number): OpBody => ({
    ...{ kind: 'card.issued', memberId: stamps.memberId, cardId: crypto.randomUUID() as never },
    ...{ accountId: crypto.randomUUID() as never, cardTypeId: 'coffee' as never, cardNumber: pen.number() },
    ...{ openingUnits, expiresOn: null, cardTypeVersion: 1 },
  });
  expect([await heldAs(card(0)), await heldAs(card(7))]).toEqual([null, 'beyond_rule']);
  pen.actorId = 'boss';
  expect(await heldAs(card(7))).toBeNull();
});

test('a purchase is edited to what its own rule gives for the new amount, and to no more', async () => {
  const bought = pen.write({ kind: 'points.credited', ...points, ...V1, ...BOUGHT, points: 100, reason: '' });
  pen.actorId = 'lead';
  const edit = (newUnits: number): OpBody => ({
    ...{ kind: 'purchase.edited', ...points, ...V1, correctsOpId: bought.opId, reason: '' },
    ...{ entryId: crypto.randomUUID() as never, delta: -100, newUnits, amountMinor: 300 },
  });
  expect([await heldAs(edit(301)), await heldAs(edit(300))]).toEqual(['beyond_rule', null]);
  expect(await centre.balance(points.accountId)).toBe(300);
});

test('what was made by a version that is on its way waits for it and is released by it, the rest of its push is not kept', async () => {
  const other = await centre.till('till-b');
  pen.write({ kind: 'stamp.added', ...stamps, ...byHand, cardTypeVersion: 2, count: 2 });
  pen.stamp(stamps, 3);
  await pen.push();
  expect(await fates()).toEqual([
    ['unknown_rule', false],
    [null, false],
  ]);
  expect(await centre.balance(stamps.accountId)).toBe(3);
  other.write(saved(await coffee(), { goal: 5 }));
  await other.push();
  expect((await fates())[0]).toEqual(['unknown_rule', true]);
  expect(await centre.balance(stamps.accountId)).toBe(5);
});

test('a till that worked by its own version, saved elsewhere as well, is believed, and a manager is told once', async () => {
  const [known, other] = [await coffee(), await centre.till('till-b')];
  other.write(saved(known, { earnPoints: 1, earnPerMinor: 100 }));
  await other.push();
  pen.actorId = 'boss';
  pen.write(saved(known, { earnPoints: 1, earnPerMinor: 10 }));
  pen.actorId = 'anna';
  const stamp = { kind: 'stamp.added' as const, ...stamps, ...BOUGHT, cardTypeVersion: 2 };
  pen.write({ ...stamp, count: 10 });
  pen.write({ ...stamp, count: 10 });
  pen.write({ ...stamp, count: 11 });
  await pen.push();
  expect((await fates()).map(([held]) => held)).toEqual(['document_changed', null, null, 'beyond_rule']);
  // Also when they come later, and the version was held long ago.
  expect(await heldAs({ ...stamp, count: 9 })).toBeNull();
  expect(await centre.balance(stamps.accountId)).toBe(29);
  const told = await centre.rows<{ detail: unknown }>(`select detail from inbox where kind = 'other_rule'`);
  expect(told.map(({ detail }) => detail)).toMatchObject([{ cardType: 'coffee', version: 2, units: 10 }]);
});

test('a version that a cashier saved for herself makes no rule, at once or later', async () => {
  const [known, other] = [await coffee(), await centre.till('till-b')];
  other.write(saved(known, { earnPoints: 1, earnPerMinor: 100 }));
  await other.push();
  const stamp = { kind: 'stamp.added' as const, ...stamps, ...BOUGHT, cardTypeVersion: 2, count: 40 };
  pen.write(saved(known, { earnPoints: 1, earnPerMinor: 1 }));
  pen.write(stamp);
  await pen.push();
  expect((await fates()).map(([held]) => held)).toEqual(['not_allowed', 'beyond_rule']);
  expect(await heldAs(stamp)).toBe('beyond_rule');
});

test('a manager lets it count as it was made, or puts it right: what does not fit then is held on', async () => {
  const credited = { kind: 'points.credited' as const, ...points, ...V1, ...BOUGHT, reason: '' };
  pen.write({ ...credited, points: 500 });
  pen.write({ ...credited, points: 600 });
  pen.write({ ...credited, ...stamps, points: 1 });
  await pen.push();
  const repair = (units: number): Promise<void> =>
    answer({ action: 'repair', body: { ...credited, points: units } });
  await expect(repair(101)).rejects.toThrow('beyond_rule');
  await repair(100);
  await answer({ action: 'apply' });
  expect(await centre.balance(points.accountId)).toBe(700);
  await expect(answer({ action: 'apply' })).rejects.toThrow('wrong_kind');
});
