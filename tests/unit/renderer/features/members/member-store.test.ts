import { beforeEach, expect, test } from 'vitest';
import { BOUNCE_MS } from '../../../../../renderer/features/members/member-acts.ts';
import { UNDO_MS, type LateDeed } from '../../../../../renderer/features/members/member-state.ts';
import {
  createMemberStore,
  type MemberStore,
} from '../../../../../renderer/features/members/member-store.ts';
import type { ErrorCode } from '../../../../../electron/contract/errors.ts';
import { newId } from '../../../../../sync/base/ids.ts';
import { makeCard, makeMember, makePoints } from '../../made.ts';
import { createScriptedCore, settled } from '../../scripted-core.ts';

const member = makeMember();
const [coffee, points] = member.cards;
let core: ReturnType<typeof createScriptedCore>;
let store: MemberStore;
let nowMs: number;
let outcomes: boolean[];
let late: LateDeed[];
let isInFront: boolean;

beforeEach(() => {
  core = createScriptedCore();
  nowMs = 1_000_000;
  outcomes = [];
  late = [];
  isInFront = true;
  store = createMemberStore({
    core: core.calls,
    nowMs: () => nowMs,
    onOutcome: (isGood) => outcomes.push(isGood),
    chain: () => null,
    typeToIssue: () => 'pass',
    isInFront: () => isInFront,
    onLate: (deed) => late.push(deed),
  });
});

const show = (): void => store.getState().show(member, null, false);
const stampCall = () =>
  ({ method: 'stamps.add', input: { cardId: coffee?.cardId ?? newId(), count: 1 } }) as const;
const reply = (changes: Partial<typeof member> = {}) => ({
  opId: newId(),
  cardId: coffee?.cardId,
  member: { ...member, ...changes },
});

test('a scan brings its card forward; without one the first card that is worked with stands in front', () => {
  store.getState().show(member, points?.cardNumber ?? '', true);
  expect(store.getState()).toMatchObject({ cardId: points?.cardId, scanCount: 1 });
  const gold = makeCard({ kind: 'discount' });
  store
    .getState()
    .show(makeMember({ cards: [gold, makePoints({ status: 'lost' }), makeCard()] }), null, false);
  expect(store.getState().cardId).not.toBe(gold.cardId);
});

test('arrows walk the cards and stop at the ends', () => {
  show();
  const { choose } = store.getState();
  choose('previous');
  expect(store.getState().cardId).toBe(coffee?.cardId);
  choose('next');
  choose('next');
  expect(store.getState().cardId).toBe(points?.cardId);
});

test('nothing changes on the screen before the core has answered, and the answer is what it shows', async () => {
  show();
  void store.getState().run(stampCall());
  expect(store.getState()).toMatchObject({ shown: { member }, act: { status: 'busy' } });
  const next = reply({ pendingOps: 1 });
  await core.last('stamps.add').answer(next);
  expect(store.getState()).toMatchObject({
    shown: { member: { pendingOps: 1 } },
    act: { status: 'done', opId: next.opId, undoUntilMs: nowMs + UNDO_MS },
  });
  expect(outcomes).toEqual([true]);
});

test('a press while one is under way, or a bounce of it, does nothing', async () => {
  show();
  void store.getState().run(stampCall());
  await expect(store.getState().run(stampCall())).resolves.toBe(false);
  await core.last().answer(reply());
  nowMs += BOUNCE_MS - 1;
  await expect(store.getState().run(stampCall())).resolves.toBe(false);
  nowMs += BOUNCE_MS;
  void store.getState().run(stampCall());
  expect(core.asked).toHaveLength(2);
});

test('an intent tried again keeps its op id', async () => {
  show();
  void store.getState().run(stampCall());
  await core.last().refuse('core_restarted');
  expect(outcomes).toEqual([false]);
  nowMs += BOUNCE_MS;
  void store.getState().retry();
  expect(core.asked[1]?.input).toEqual(core.asked[0]?.input);
});

test('a form keeps its op id over refusals, until it succeeded', async () => {
  show();
  const { openPanel, submit } = store.getState();
  openPanel('stamp-n');
  void submit(stampCall());
  await core.last().refuse('disk_full');
  nowMs += BOUNCE_MS;
  void submit(stampCall());
  expect(core.asked[1]?.input['opId']).toBe(core.asked[0]?.input['opId']);
  await core.last().answer(reply());
  expect(store.getState().panel).toBeNull();
});

test('when the first try did get through with other content, the form becomes a new intent', async () => {
  show();
  const { openPanel, submit } = store.getState();
  openPanel('stamp-n');
  const first = store.getState().panel?.opId;
  void submit(stampCall());
  await core.last().refuse('op_id_reused');
  expect(store.getState().panel?.opId).not.toBe(first);
});

test('a new member closes the form and the outcome of the one before', async () => {
  show();
  store.getState().openPanel('credit');
  store.getState().show(makeMember(), null, true);
  expect(store.getState()).toMatchObject({ panel: null, act: { status: 'idle' } });
});

test('scanning the same card again keeps the form that is open', () => {
  show();
  store.getState().openPanel('credit');
  store.getState().setPanel('amount', '12');
  store.getState().show(member, coffee?.cardNumber ?? '', true);
  expect(store.getState().panel?.amount).toBe('12');
});

test('an issue form begins with the kind of card that fits', () => {
  show();
  store.getState().openPanel('issue');
  expect(store.getState().panel?.cardTypeId).toBe('pass');
});

test('a reading that a newer one has overtaken is dropped', async () => {
  void store.getState().open(member.memberId);
  void store.getState().open(member.memberId);
  await core.asked[1]?.answer({ ...member, name: 'new' });
  await core.asked[0]?.answer({ ...member, name: 'old' });
  expect(store.getState().shown).toMatchObject({ status: 'shown', member: { name: 'new' } });
});

test('a reading asked before a press does not hide what the press answered', async () => {
  show();
  void store.getState().reread(null);
  void store.getState().run(stampCall());
  await core.last('stamps.add').answer(reply({ pendingOps: 1 }));
  await core.last('members.get').answer({ ...member, pendingOps: 0 });
  expect(store.getState().shown).toMatchObject({ member: { pendingOps: 1 } });
});

test('a change of somebody else is not read, and a failed reading leaves the member on the screen', async () => {
  show();
  void store.getState().reread([newId()]);
  expect(core.asked).toEqual([]);
  void store.getState().reread([member.memberId]);
  await core.last().refuse('core_restarted');
  expect(store.getState().shown).toMatchObject({ status: 'shown' });
});

test('an answer for a member who has left the screen changes nothing on it', async () => {
  show();
  void store.getState().run(stampCall());
  const other = makeMember({ name: 'Lim' });
  store.getState().show(other, null, true);
  await core.last('stamps.add').answer(reply());
  await settled();
  expect(store.getState()).toMatchObject({ shown: { member: { name: 'Lim' } }, act: { status: 'idle' } });
});

test('a member that can not be read says why', async () => {
  void store.getState().open(member.memberId);
  await core.last().refuse('not_found', 'gone');
  expect(store.getState().shown).toMatchObject({ status: 'failed', failure: { code: 'not_found' } });
});

test('an answer that comes after another card was chosen brings its figures and leaves that card in front', async () => {
  show();
  void store.getState().run(stampCall());
  store.getState().choose('next');
  expect(store.getState().cardId).toBe(points?.cardId);
  await core.last('stamps.add').answer(reply({ pendingOps: 1 }));
  expect(store.getState()).toMatchObject({ cardId: points?.cardId, shown: { member: { pendingOps: 1 } } });
});

const stampsLate = (code: string) => ({
  memberId: member.memberId,
  name: 'Tan Wei Ling',
  method: 'stamps.add',
  failure: { code, message: '' },
});

test('what fails once its member has left the screen is told by name; the one who came is left alone', async () => {
  show();
  void store.getState().run(stampCall());
  store.getState().show(makeMember({ name: 'Lim' }), null, true);
  await core.last('stamps.add').refuse('disk_full');
  expect(late).toEqual([stampsLate('disk_full')]);
  expect(store.getState()).toMatchObject({ shown: { member: { name: 'Lim' } }, act: { status: 'idle' } });
});

test('what fails once another card is in hand is told by name, not as that card’s failure', async () => {
  show();
  void store.getState().run(stampCall());
  store.getState().choose('next');
  await core.last('stamps.add').refuse('card_lost');
  expect([late, store.getState().act.status]).toEqual([[stampsLate('card_lost')], 'idle']);
});

test('what fails while another screen is in front is told by name and can be tried again on her page', async () => {
  show();
  void store.getState().run(stampCall());
  isInFront = false;
  await core.last('stamps.add').refuse('disk_failed');
  expect([late, store.getState().act.status]).toEqual([[stampsLate('disk_failed')], 'failed']);
});

test('what fails before the cashier’s eyes is said there alone', async () => {
  show();
  void store.getState().run(stampCall());
  await core.last('stamps.add').refuse('card_lost');
  expect([late, store.getState().act.status]).toEqual([[], 'failed']);
});

test('a receipt by hand is of a shop that is open', async () => {
  show();
  store.getState().toggleAbout();
  const shop = (id: string, more: object) => ({
    ...{ kind: 'store', id, isPending: false },
    body: { version: 1, name: id, ...more },
  });
  for (const call of core.asked.slice(-3))
    await call.answer(
      call.input['kind'] === 'store' ? [shop('open', {}), shop('shut', { isRetired: true })] : [],
    );
  expect(store.getState().about).toMatchObject({ status: 'open', stores: [{ id: 'open' }] });
});

const RECEIPT = { receiptId: newId(), receiptNo: 'R-1', day: '2026-11-20', amountMinor: 500 } as never;
const booked = (entryOpId: string) => ({ booked: [{ entryOpId, problem: null }] });
function takeBack(): Promise<boolean> {
  const input = { memberId: member.memberId, receiptId: newId(), reason: 'twice', counters: [] };
  return store.getState().submit({ method: 'receipts.takeBack', input });
}

test('a receipt whose points could not be looked up is asked for again', async () => {
  show();
  store.getState().openPanel('receipt-back', { receipt: RECEIPT });
  await core.last('receipts.previewTakeBack').refuse('disk_failed');
  expect(store.getState().preview?.kind).toBe('failed');
  store.getState().look();
  await core.last('receipts.previewTakeBack').answer(booked('e1'));
  expect(store.getState().preview).toMatchObject({ kind: 'receipt', counters: [{ entryOpId: 'e1' }] });
});

test('once what was booked has changed, it is looked up anew and the old points are sent no more', async () => {
  show();
  store.getState().openPanel('receipt-back', { receipt: RECEIPT });
  await core.last('receipts.previewTakeBack').answer(booked('e1'));
  void takeBack();
  await core.last('receipts.takeBack').refuse('action_not_offered');
  expect(store.getState()).toMatchObject({ preview: null, act: { status: 'failed' } });
  await core.last('receipts.previewTakeBack').answer(booked('e2'));
  expect(store.getState().preview).toMatchObject({ counters: [{ entryOpId: 'e2' }] });
});

test('another refusal keeps the ops that counter the points: the press again is the same one', async () => {
  show();
  store.getState().openPanel('receipt-back', { receipt: RECEIPT });
  await core.last('receipts.previewTakeBack').answer(booked('e1'));
  const { preview } = store.getState();
  void takeBack();
  await core.last('receipts.takeBack').refuse('disk_failed');
  expect(store.getState().preview).toBe(preview);
});

test('a second person’s PIN is typed anew after a refusal and stays nowhere once it was heard', async () => {
  show();
  const { openPanel, setPanel, submit } = store.getState();
  openPanel('anonymise');
  setPanel('secondLogin', 'lead');
  setPanel('secondPin', '111111');
  const input = { memberId: member.memberId, reason: 'asked' };
  const call = (pin: string) =>
    ({ method: 'members.anonymise', input: { ...input, second: { login: 'lead', pin } } }) as const;
  const first = submit(call('111111'));
  await core.last('members.anonymise').refuse('pin_wrong');
  await first;
  expect(store.getState()).toMatchObject({
    panel: { secondLogin: 'lead', secondPin: '', maySecond: false },
    act: { status: 'failed', intent: { call: { method: 'members.anonymise', input } } },
  });
  expect(JSON.stringify(store.getState())).not.toContain('111111');
  nowMs += BOUNCE_MS;
  const again = submit(call('264918'));
  await core.last('members.anonymise').answer(reply());
  await again;
  expect(store.getState()).toMatchObject({
    panel: null,
    act: { status: 'done', intent: { call: { input } } },
  });
  expect(JSON.stringify(store.getState())).not.toContain('264918');
});

test('points by hand that one may not give alone ask who else stands by them', async () => {
  show();
  store.getState().openPanel('by-hand');
  const input = {
    cardId: points?.cardId ?? newId(),
    amountMinor: null,
    receiptNo: '',
    points: 6_000,
    reason: 'x',
  };
  const given = store.getState().submit({ method: 'points.credit', input });
  expect(store.getState().panel?.maySecond).toBe(false);
  await core.last('points.credit').refuse('hand_limit');
  await given;
  expect(store.getState().panel?.maySecond).toBe(true);
});

/** Points by hand for which another manager has typed her PIN, pressed once and failed. */
async function backedPoints(code: ErrorCode): Promise<void> {
  show();
  store.getState().openPanel('by-hand');
  for (const [field, value] of [
    ...([
      ['amount', '6000'],
      ['reason', 'goodwill'],
      ['secondLogin', 'lead'],
    ] as const),
    ...([['secondPin', '264918']] as const),
  ])
    store.getState().setPanel(field, value);
  const input = {
    ...{ cardId: points?.cardId ?? newId(), amountMinor: null, receiptNo: '', points: 6_000 },
    ...{ reason: 'goodwill', second: { login: 'lead', pin: '264918' } },
  };
  const given = store.getState().submit({ method: 'points.credit', input });
  await core.last('points.credit').refuse(code);
  await given;
}

test('whatever was refused with nothing saved, the second person’s PIN is nowhere in the page any more', async () => {
  for (const code of ['member_locked', 'card_lost', 'day_limit', 'disk_failed', 'op_id_reused'] as const) {
    nowMs += BOUNCE_MS;
    await backedPoints(code);
    expect(store.getState()).toMatchObject({ act: { status: 'failed' }, panel: { secondLogin: 'lead' } });
    expect([code, JSON.stringify(store.getState()).includes('264918')]).toEqual([code, false]);
  }
});

test('what may be saved can be pressed again as it is: her PIN waits in the form until anything is changed', async () => {
  await backedPoints('core_restarted');
  expect(store.getState().panel?.secondPin).toBe('264918');
  expect(JSON.stringify(store.getState().act)).not.toContain('264918');
  store.getState().setPanel('amount', '6000');
  expect(store.getState().panel?.secondPin).toBe('264918');
  store.getState().setPanel('amount', '9000');
  expect(store.getState().panel).toMatchObject({ amount: '9000', secondPin: '' });
});

test('a second person’s PIN is for what stood there when she typed it, and for her', () => {
  show();
  const { openPanel, setPanel } = store.getState();
  for (const [field, value] of [
    ...([
      ['amount', '7'],
      ['reason', 'other'],
    ] as const),
    ...([['secondLogin', 'boss']] as const),
  ]) {
    openPanel('by-hand');
    setPanel('secondPin', '264918');
    setPanel(field, value);
    expect(store.getState().panel).toMatchObject({ [field]: value, secondPin: '' });
  }
});
