import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EventName, EventOf } from '../../../../electron/contract/events.ts';
import { startEnrolment } from '../../../../renderer/app/moves.ts';
import { createStores, type Stores } from '../../../../renderer/app/stores.ts';
import { listenToCore } from '../../../../renderer/app/wiring.ts';
import type { Core, CoreLife } from '../../../../renderer/lib/core-client.ts';
import { makeMember } from '../made.ts';
import { createScriptedCore, settled } from '../scripted-core.ts';

const SOUNDS = { good: () => undefined, bad: () => undefined, setOn: () => undefined };
const member = makeMember();
const result = { kind: 'member', member, cardNumber: '6035553882471315' } as const;
const SCANNER = { path: '', profile: 'auto', state: 'ready', message: '', lastScanAtMs: 1 } as const;

let scripted: ReturnType<typeof createScriptedCore>;
let stores: Stores;
let enter: (life: CoreLife) => void;
let tell: <Name extends EventName>(name: Name, event: EventOf<Name>) => void;

/** What the core says of who is signed in. */
async function answerTill(session: unknown): Promise<void> {
  tell('till.changed', {});
  const view = { session, preferences: { isSoundOn: false }, cardTypes: [], chain: null };
  await scripted.last('till.get').answer(view);
  await scripted.last('sync.getStatus').answer({ isFilling: false });
  await scripted.last('scanner.get').answer(SCANNER);
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  scripted = createScriptedCore();
  const listeners = new Map<string, (event: never) => void>();
  const core: Core = {
    calls: scripted.calls,
    life: () => ({ status: 'connecting' }),
    onLife: (listener) => {
      enter = listener;
      return () => undefined;
    },
    on: (name, listener) => {
      listeners.set(name, listener);
      return () => undefined;
    },
  };
  // Cast: each listener was put in under the name of its event.
  tell = (name, event) => listeners.get(name)?.(event as never);
  stores = createStores(core, SOUNDS);
  listenToCore(core, stores, SOUNDS);
  await answerTill(null);
});
afterEach(() => vi.useRealTimers());

const shownName = (): string | null => {
  const { shown } = stores.member.getState();
  return shown.status === 'shown' ? shown.member.name : null;
};

test('a card scanned before the sign-in opens right after it, and nobody is shown before', async () => {
  tell('scan.resolved', { source: 'serial', result });
  expect([shownName(), stores.waitingScan.getState().waiting?.kind]).toEqual([null, 'result']);
  await answerTill({ person: {} });
  expect([shownName(), stores.place.getState().place]).toEqual(['Tan Wei Ling', 'member']);
});

test('a text that the page read before the sign-in is looked up right after it', async () => {
  stores.waitingScan
    .getState()
    .keep({ kind: 'text', scan: { text: '6035553882471315', kind: 'member-card' } });
  expect(scripted.asked.some(({ method }) => method === 'scans.resolve')).toBe(false);
  await answerTill({ person: {} });
  expect(scripted.last('scans.resolve').input).toEqual({ text: '6035553882471315', kind: 'member-card' });
});

test('a profile saved after the cashier has gone on to somebody else does not take the screen', async () => {
  await answerTill({ person: {} });
  stores.edit.getState().open(member);
  stores.place.getState().go('edit');
  stores.edit.getState().type('firstName', 'Mei');
  void stores.edit.getState().save();
  stores.member.getState().show(makeMember({ name: 'Lim' }), null, true);
  stores.place.getState().go('member');
  await scripted.last('members.edit').answer({ member });
  await settled();
  expect(shownName()).toBe('Lim');
});

test('what fails after a switch of person is still said to the next one', async () => {
  await answerTill({ person: {} });
  stores.member.getState().show(member, null, false);
  stores.place.getState().go('member');
  const cardId = member.cards[0]?.cardId ?? '';
  void stores.member.getState().run({ method: 'stamps.add', input: { cardId, count: 1 } as never });
  await answerTill(null);
  await scripted.last('stamps.add').refuse('disk_full');
  expect(shownName()).toBeNull();
  expect(stores.place.getState().lateFailures).toMatchObject([
    { name: 'Tan Wei Ling', method: 'stamps.add' },
  ]);
});

test('at a switch of person the log of exports and an open question about a column are gone', async () => {
  await answerTill({ person: {} });
  void stores.exportLog.getState().read();
  await scripted.last('exports.list').answer({ exports: [], line: 'up' });
  stores.ownColumns.getState().turnTo('card');
  stores.ownColumns.getState().ask('shoeSize');
  await answerTill(null);
  expect(stores.exportLog.getState().log).toBeNull();
  expect(stores.ownColumns.getState()).toMatchObject({ of: 'member', askingId: null });
});

test('a card that the core keeps shows that it waits, and opens when the core tells it', async () => {
  tell('scan.resolved', { source: 'serial', result: { kind: 'waiting' } });
  expect(stores.waitingScan.getState().waiting).not.toBeNull();
  // The core tells it right behind the sign-in, which the page is still reading.
  tell('scan.resolved', { source: 'serial', result });
  await answerTill({ person: {} });
  expect([shownName(), stores.waitingScan.getState().waiting]).toEqual(['Tan Wei Ling', null]);
});

const CARD = '6035559000000013';
const unknown = { kind: 'unknown-card', cardNumber: CARD, isOwnStock: false } as const;
const LINE_UP = { state: 'idle', isFilling: false, outstanding: 0, held: 0, problem: null } as const;
const noticeNow = () => stores.place.getState().notice;

test('a card that nobody holds here is asked for at the centre; its holder opens, unless somebody went on', async () => {
  await answerTill({ person: {} });
  await scripted.last('sync.getStatus').answer(LINE_UP);
  tell('sync.changed', LINE_UP as EventOf<'sync.changed'>);
  tell('scan.resolved', { source: 'serial', result: unknown });
  expect(noticeNow()).toMatchObject({ centre: 'asking' });
  const hit = { memberId: member.memberId, cards: [] };
  await scripted.last('members.lookupOnline').answer({ outcome: 'found', found: { members: [hit] } });
  expect([noticeNow(), stores.place.getState().place]).toEqual([null, 'member']);
  tell('scan.resolved', { source: 'serial', result: unknown });
  const late = scripted.last('members.lookupOnline');
  stores.place.getState().go('enrol');
  await late.answer({ outcome: 'found', found: { members: [hit] } });
  expect(stores.place.getState().place).toBe('enrol');
});

test('nobody at the centre either is said; of the own stock, or without a line, nobody asks', async () => {
  await answerTill({ person: {} });
  tell('sync.changed', LINE_UP as EventOf<'sync.changed'>);
  tell('scan.resolved', { source: 'serial', result: unknown });
  await scripted.last('members.lookupOnline').answer({ outcome: 'nobody', found: { members: [] } });
  expect(noticeNow()).toMatchObject({ kind: 'unknown-card', centre: 'nobody' });
  const asked = (): number => scripted.asked.filter(({ method }) => method === 'members.lookupOnline').length;
  tell('scan.resolved', { source: 'serial', result: { ...unknown, isOwnStock: true } });
  tell('sync.changed', { ...LINE_UP, state: 'offline' } as unknown as EventOf<'sync.changed'>);
  tell('scan.resolved', { source: 'serial', result: unknown });
  expect([asked(), noticeNow()]).toEqual([1, unknown]);
});

test('a scan that is nobody’s is a line, opens nobody that it is a part of, and leaves the box alone', async () => {
  await answerTill({ person: {} });
  tell('scan.resolved', { source: 'serial', result: { kind: 'not-a-card', what: 'unknown', text: '0001' } });
  expect([noticeNow(), stores.search.getState().text, shownName()]).toEqual([
    { kind: 'not-a-card', what: 'unknown', text: '0001' },
    '',
    null,
  ]);
});

test('each scan puts away what lies over the screen, and a coupon then lies there itself', async () => {
  await answerTill({ person: {} });
  const { showKeys } = stores.place.getState();
  showKeys(true);
  const coupon = { kind: 'coupon', text: '9821234015506', facts: {} } as const;
  tell('scan.resolved', { source: 'serial', result: coupon });
  expect(stores.place.getState()).toMatchObject({ isKeySheetOpen: false, coupon, scanCount: 1 });
  tell('scan.resolved', { source: 'serial', result });
  expect([stores.place.getState().coupon, shownName()]).toEqual([null, 'Tan Wei Ling']);
});

test('an amount half typed stays when the next customer’s card is scanned; she is one press away', async () => {
  await answerTill({ person: {} });
  stores.member.getState().show(makeMember({ name: 'Lim' }), null, true);
  stores.place.getState().go('member');
  stores.member.getState().openPanel('credit');
  stores.member.getState().setPanel('amount', '12.50');
  tell('scan.resolved', { source: 'serial', result });
  expect([shownName(), noticeNow()?.kind, stores.member.getState().panel?.amount]).toEqual([
    'Lim',
    'held',
    '12.50',
  ]);
  stores.member.getState().dismiss();
  stores.member.getState().openPanel('credit');
  tell('scan.resolved', { source: 'serial', result });
  expect(shownName()).toBe('Tan Wei Ling');
});

test('why a file goes out, half typed, stays when a card is scanned: on a member’s page and beside the list', async () => {
  await answerTill({ person: {} });
  const lim = makeMember({ name: 'Lim' });
  const { memberId } = lim;
  const saidNow = () => [
    stores.aside.getState().asking?.reason,
    stores.exporting.getState().draft.reason,
    noticeNow()?.kind,
  ];
  stores.member.getState().show(lim, null, true);
  stores.place.getState().go('member');
  stores.aside.getState().ask({ memberId, scope: { kind: 'member', memberId }, name: 'history.csv' });
  stores.aside.getState().say({ reason: 'She asked' });
  tell('scan.resolved', { source: 'serial', result });
  expect([shownName(), ...saidNow()]).toEqual(['Lim', 'She asked', '', 'held']);
  stores.place.getState().go('directory');
  stores.exporting.getState().open();
  stores.exporting.getState().say({ reason: 'The tasting' });
  tell('scan.resolved', { source: 'serial', result });
  expect([stores.place.getState().place, ...saidNow()]).toEqual([
    ...['directory', 'She asked', 'The tasting', 'held'],
  ]);
  // Out of sight it waits by itself, and holds nobody up.
  stores.exporting.getState().close();
  tell('scan.resolved', { source: 'serial', result });
  expect([shownName(), stores.exporting.getState().draft.reason]).toEqual(['Tan Wei Ling', 'The tasting']);
  await answerTill(null);
  expect(saidNow()).toEqual([undefined, '', undefined]);
});

test('a phone that nobody has lands in the enrolment that is open', async () => {
  await answerTill({ person: {} });
  stores.enrolment.getState().start({ cardTypeId: null, hasMarketingConsent: false });
  stores.place.getState().go('enrol');
  tell('scan.resolved', {
    source: 'serial',
    result: { kind: 'not-a-card', what: 'phone', text: '+6591110009' },
  });
  expect([stores.enrolment.getState().form?.texts.mobile, noticeNow()?.kind]).toEqual([
    '+6591110009',
    'filled-phone',
  ]);
});

test('whichever way the doctor is left, nothing goes on listening to keys', async () => {
  await answerTill({ person: {} });
  stores.place.getState().go('scanners');
  stores.learn.getState().startKeys();
  stores.devices.getState().choose('a');
  stores.place.getState().go('home');
  expect([stores.learn.getState().learning.status, stores.devices.getState().chosenId]).toEqual([
    'off',
    null,
  ]);
});

test('a core that died takes its lesson along: the doctor says so, and nobody waits for the next scan', async () => {
  void stores.learn.getState().startDevice('a');
  await scripted.last('devices.learn.start').answer({ isStarted: true });
  enter({ status: 'restarting' });
  enter({ status: 'ready' });
  expect(stores.learn.getState().learning).toEqual({ status: 'failed', deviceId: 'a', failure: null });
});

test('when what comes with a member is another, her older entries that are open are read anew', async () => {
  await answerTill({ person: {} });
  stores.member.getState().show(member, null, false);
  void stores.aside.getState().read(member.memberId);
  void stores.aside.getState().readOlder(member.memberId);
  await scripted.last('history.list').answer({ entries: [], hasMore: false });
  const asked = (): number => scripted.asked.filter(({ method }) => method === 'history.list').length;
  expect(asked()).toBe(1);
  stores.member.getState().openPanel('issue');
  expect(asked()).toBe(1);
  stores.member.getState().show({ ...member, history: [] }, null, false);
  expect(asked()).toBe(2);
});

test('a member’s page is read anew when a profile has become hers or has left her', async () => {
  await answerTill({ person: { role: 'manager' } });
  stores.member.getState().show(member, null, false);
  await scripted.last('members.listMerged').answer({ people: [] });
  const reads = () => scripted.asked.filter(({ method }) => method === 'members.get').length;
  const before = reads();
  tell('data.changed', { memberIds: ['somebody else' as typeof member.memberId] });
  expect(reads()).toBe(before);
  await scripted.last('members.listMerged').answer({ people: [{ memberId: 'somebody else' }] });
  expect(reads()).toBe(before + 1);
});

test('a PIN that was typed for somebody goes with the page that it was typed on', async () => {
  await answerTill({ person: {} });
  stores.place.getState().go('chain');
  stores.chain.getState().choose(null);
  stores.chain.getState().type('name', 'Nia');
  stores.chain.getState().type('pin', '482913');
  stores.place.getState().go('home');
  expect(stores.chain.getState().draft?.texts).toMatchObject({ name: 'Nia', pin: '' });
});

test('a second person’s PIN goes with the member’s page; the form that it was typed on waits there', async () => {
  await answerTill({ person: {} });
  stores.member.getState().show(member, null, false);
  stores.place.getState().go('member');
  stores.member.getState().openPanel('anonymise');
  stores.member.getState().setPanel('reason', 'asked');
  stores.member.getState().setPanel('secondLogin', 'lead');
  stores.member.getState().setPanel('secondPin', '264918');
  stores.place.getState().go('home');
  expect(stores.member.getState().panel).toMatchObject({
    reason: 'asked',
    secondLogin: 'lead',
    secondPin: '',
  });
});

test('documents that came while messages are in front are read anew, so that nobody sends what she does not see', async () => {
  await answerTill({ person: {} });
  stores.place.getState().go('messages');
  const asked = () => scripted.asked.filter(({ method }) => method === 'documents.list').length;
  const before = asked();
  tell('till.changed', {});
  expect(asked()).toBe(before + 1);
});

test('whoever was opened before the fifths were drawn is asked about again once they are; nobody else is (N19)', async () => {
  const asked = () => scripted.asked.filter(({ method }) => method === 'segments.forMember').length;
  tell('segments.drawn', {});
  expect(asked()).toBe(0);
  void stores.aside.getState().read(member.memberId);
  expect(asked()).toBe(1);
  tell('segments.drawn', {});
  expect(asked()).toBe(2);
  await settled();
});

test.each([
  ['pdpa', true],
  ['gdpr', false],
] as const)(
  'where the chain goes by %s, the form’s consent to marketing starts at %s (F121, D4)',
  async (consentMode, isOn) => {
    tell('till.changed', {});
    const preferences = { isSoundOn: false };
    const chain = { consentMode, policyVersion: '2026-01' };
    await scripted.last('till.get').answer({ session: { person: {} }, preferences, cardTypes: [], chain });
    await scripted.last('sync.getStatus').answer({ isFilling: false });
    await scripted.last('scanner.get').answer(SCANNER);
    startEnrolment(stores);
    const form = stores.enrolment.getState();
    expect([stores.place.getState().place, form.form?.hasMarketingConsent]).toEqual(['enrol', isOn]);
  },
);
