import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createOwnRules } from '../../../crm/card-rules.ts';
import { decide, type Decision, type Surroundings } from '../../../crm/decide.ts';
import { readBody } from '../../../crm/prepared-push.ts';
import { createWorkingSet } from '../../../crm/working-set.ts';
import { openTill } from '../../../db/till/open.ts';
import { addDays } from '../../../sync/base/business-day.ts';
import type { CardTypeId, OpId, StoreId, TillId } from '../../../sync/base/ids.ts';
import { CardRules, CardType, type CardKind } from '../../../sync/model/chain.ts';
import type { WireOp } from '../../../sync/model/op.ts';
import { nextVersion, rulesIn } from '../../../sync/programmes/card-rules.ts';
import { shopDocuments, STORE_ID } from '../../parts/shop.ts';
import { KEY_HEX, startTestTill, type TestTill } from '../../parts/till.ts';
import { createRandom, type Random } from '../../sim/random.ts';

type Calls = Record<string, (input: unknown) => Promise<unknown>>;
interface Known {
  memberId: string;
  cards: { cardId: string; kind: CardKind; rewards: { rewardId: string }[] }[];
}
interface Desk {
  till: TestTill;
  random: Random;
  people: Known[];
  opIds: OpId[];
  day: string;
}

const KINDS: readonly CardKind[] = ['stamp', 'points', 'visits', 'credit', 'coupon'];

/** One call as a page makes it; what the till refuses was never confirmed to anybody. */
async function press(desk: Desk, method: string, input: Record<string, unknown>): Promise<void> {
  const opId = desk.till.opId();
  const calls = desk.till.client as unknown as Calls;
  const answer = (await calls[method]?.({ opId, ...input }).catch(() => null)) ?? null;
  if (answer === null) return;
  desk.opIds.push(opId);
  const { member } = answer as { member?: Known };
  if (member === undefined) return;
  desk.people = [...desk.people.filter(({ memberId }) => memberId !== member.memberId), member];
}

function drawRules(random: Random, day: string): Partial<CardRules> {
  return {
    validFrom: addDays(day, random.int(2)),
    earnPoints: random.pick([0, 1, 3]),
    earnPerMinor: random.pick([1, 7, 100]),
    earnRounding: random.pick(['step', 'down', 'nearest', 'up']),
    minSpendMinor: random.pick([0, 500]),
    tierFactors: random.isHit(0.5) ? [{ tierId: 'gold', percent: random.pick([50, 150, 300]) }] : [],
    earnMaxPerDay: random.pick([0, 0, 40]),
    cashbackBasisPoints: random.pick([0, 250, 9_999]),
    openingUnits: random.int(3),
    rewards: [1, 2].map((cost) => ({ rewardId: `r${random.int(3)}${cost}`, name: 'r', nameZh: '', cost })),
  };
}

/** A manager's edit of a type, or a type of her own, which the other till may make at the same time. */
async function saveType(desk: Desk): Promise<void> {
  const { till, random, day } = desk;
  const documents = await till.client['documents.list']({ kind: 'card-type' });
  const isNew = random.isHit(0.2);
  const known = documents.find(({ id }) => id === 'summer');
  const from = isNew ? known : random.pick(documents);
  const change = drawRules(random, day);
  const current = from === undefined ? undefined : CardType.parse(from.body);
  const body =
    current === undefined
      ? CardType.parse({ ...change, cardTypeId: 'summer', kind: random.pick(KINDS), version: 1, name: 'S' })
      : nextVersion(current, { ...rulesIn(current), ...change });
  const id = body.cardTypeId;
  await press(desk, 'documents.save', { kind: 'card-type', id, baseVersion: body.version - 1, body });
}

async function serve(desk: Desk): Promise<void> {
  const { random, people } = desk;
  const who = random.pick(people);
  const card = who.cards.length === 0 ? undefined : random.pick(who.cards);
  if (card === undefined) return;
  const { cardId } = card;
  const amountMinor = random.between(1, 6_000);
  const bought = { cardId, amountMinor, receiptNo: '' };
  const byHand = { cardId, amountMinor: null, receiptNo: '' };
  const entryOpId = desk.opIds.at(-1 - random.int(3));
  const calls: (readonly [string, Record<string, unknown>])[] = [
    ['stamps.add', { cardId, count: random.between(1, 50) }],
    ['stamps.add', bought],
    ['points.credit', { ...bought, points: null, reason: '' }],
    ['points.credit', { ...byHand, points: random.between(1, 900_000), reason: 'by hand' }],
    ['points.debit', { cardId, points: random.between(1, 9), reason: '' }],
    ['credit.earn', bought],
    ['credit.topUp', { cardId, creditMinor: amountMinor, receiptNo: '' }],
    ['credit.spend', { cardId, creditMinor: 5, receiptNo: '' }],
    ['visits.add', { cardId, count: random.between(1, 1_000), receiptNo: '' }],
    ['visits.deduct', { cardId, count: 1 }],
    ['rewards.redeem', { cardId, rewardId: card.rewards[0]?.rewardId ?? 'none' }],
    ['cards.replace', { cardId, reason: '', cardNumber: null }],
    ['purchases.edit', { memberId: who.memberId, entryOpId, amountMinor: amountMinor * 2, reason: 'x' }],
    ['entries.undo', { undoesOpId: entryOpId, reason: 'x' }],
  ];
  // Most of them are not for this card: the till refuses those.
  for (let tries = 0; tries < 5; tries += 1) await press(desk, ...random.pick(calls));
}

/** A shop's day at a till without a line, on its real files. @returns Its ops. */
async function workAlone(random: Random): Promise<WireOp[]> {
  const till = await startTestTill();
  await till.signIn('manager');
  const day = (await till.client['till.get']({})).businessDay;
  const desk: Desk = { till, random, people: [], opIds: [], day };
  const gold = { tierId: 'gold', version: 1, validFrom: day, name: 'Gold' };
  await press(desk, 'documents.save', { kind: 'tier', id: 'gold', baseVersion: 0, body: gold });
  for (let act = 0; act < 60; act += 1) {
    const roll = random.int(10);
    const types = await till.client['documents.list']({ kind: 'card-type' });
    const cardTypeId = random.pick(types).id as CardTypeId;
    if (desk.people.length < 2 || roll === 0) {
      const draft = { lastName: `M${act}`, isCreditAllowed: true, tier: random.pick(['', 'gold']) };
      await press(desk, 'members.add', { draft, cardTypeId, cardNumber: null, hasMarketingConsent: false });
    } else if (roll === 1) await saveType(desk);
    else if (roll === 2)
      await press(desk, 'cards.issue', {
        ...{ memberId: random.pick(desk.people).memberId, cardTypeId, cardNumber: null },
      });
    else await serve(desk);
  }
  await till.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  const ops = file.ops.listAfter(0, 1_000).map(({ op }) => op);
  file.close();
  rmSync(till.dir, { recursive: true, force: true });
  return ops;
}

async function surroundings(): Promise<Surroundings> {
  let spare = 0;
  const rows = createWorkingSet({ accountNo: () => 1, cardNumber: () => `9${(spare += 1)}` });
  const documents = await shopDocuments();
  rows.addDocuments(documents);
  const people = documents.flatMap((each) => (each.kind === 'staff' ? [each.body] : []));
  const staff = new Map(people.map((person) => [person.staffId, person]));
  return { rows, staff, ownRules: createOwnRules(), nowMs: Date.now() };
}

interface Judged {
  op: WireOp;
  decision: Decision;
}

function judge(around: Surroundings, op: WireOp, isApproved = false): Judged {
  const till = { tillId: op.tillId, storeId: STORE_ID as StoreId };
  const numbered = { seq: 1_000, till, order: 0, seenSeq: 0, floorMs: 0, isApproved };
  return { op, decision: decide({ op, hash: '', body: readBody(op) }, numbered, around) };
}

/** Each till's ops in their own order, the two mixed as the lines come and go. */
function mixed(random: Random, chains: readonly (readonly WireOp[])[]): WireOp[] {
  const left = chains.map((chain) => [...chain]);
  const all: WireOp[] = [];
  for (;;) {
    const open = left.filter((chain) => chain.length > 0);
    if (open.length === 0) return all;
    all.push(...random.pick(open).splice(0, random.between(1, 20)));
  }
}

test('whatever tills apart from each other make by rules of their own, none of it is held for its rule', async () => {
  const seen = { ops: 0, told: 0, waited: 0, documents: 0, kinds: new Set<string>() };
  for (let seed = 1; seed <= 6; seed += 1) {
    const random = createRandom(seed);
    const chains = [await workAlone(random.fork()), await workAlone(random.fork())];
    const [one = [], two = []] = chains;
    const second = two.map((op) => ({ ...op, tillId: 'till-2' as TillId }));
    const around = await surroundings();
    const judged = mixed(random, [one, second]).map((op) => judge(around, op));
    const held = judged.filter(({ decision }) => decision.held !== null);
    const documents = held.filter(({ op }) => op.kind === 'document.saved');
    const waiting = held.filter(({ op }) => op.kind !== 'document.saved');
    // Dependants of a version that a manager has still to let in, or of a card that depends on one.
    const reasons = new Set(waiting.map(({ decision }) => decision.held));
    expect([...reasons].filter((reason) => reason !== 'unknown_rule' && reason !== 'unknown_target')).toEqual(
      [],
    );
    expect(documents.length === 0 ? waiting : []).toEqual([]);
    for (const { op } of documents) judge(around, op, true);
    const after = waiting.map(({ op }) => judge(around, op));
    expect(after.filter(({ decision }) => decision.held !== null).map(({ op }) => op.body)).toEqual([]);
    seen.ops += judged.length;
    seen.documents += documents.length;
    seen.waited += waiting.length;
    for (const { op, decision } of [...judged, ...after]) {
      seen.kinds.add(op.kind);
      if (decision.flags.some((flag) => flag === 'other_rule')) seen.told += 1;
    }
  }
  // It looked at what it is about.
  expect(seen.kinds.size).toBeGreaterThan(13);
  expect(Math.min(seen.ops, seen.told, seen.waited, seen.documents)).toBeGreaterThan(0);
});
