import { expect, test } from 'vitest';
import type { NobodysKind } from '../../../../electron/contract/events.ts';
import { routeScan, toneOf, type ScanScene } from '../../../../renderer/app/scan-route.ts';
import { makeHit, makeMember } from '../made.ts';

const scene = (changes: Partial<ScanScene> = {}): ScanScene => ({
  isSignedIn: true,
  place: 'home',
  panelTakesCard: false,
  holdsTyping: false,
  ...changes,
});
const member = makeMember();
const scanned = { kind: 'member', member, cardNumber: '6035553882471315' } as const;
const unknown = { kind: 'unknown-card', cardNumber: '6035550000000000', isOwnStock: true } as const;

test.each(['home', 'member', 'settings'] as const)('a member’s card shows the member from %s', (place) => {
  expect(routeScan(scanned, scene({ place }))).toMatchObject({ do: 'show', member });
});

test.each(['enrol', 'edit'] as const)(
  'while the form %s is open, the member is offered and the form stays',
  (place) => {
    expect(routeScan(scanned, scene({ place }))).toMatchObject({
      do: 'say',
      notice: { kind: 'held', member },
    });
  },
);

test('an unknown card fills the form that wants one', () => {
  expect(routeScan(unknown, scene({ place: 'enrol' }))).toMatchObject({ do: 'fill-enrolment' });
  expect(routeScan(unknown, scene({ place: 'member', panelTakesCard: true }))).toMatchObject({
    do: 'fill-panel',
  });
});

test('elsewhere an unknown card is offered for a new member', () => {
  expect(routeScan(unknown, scene())).toEqual({ do: 'say', notice: unknown, tone: 'good' });
});

test('a card that has an owner is refused by a form that wants a new one', () => {
  const deed = routeScan(scanned, scene({ place: 'member', panelTakesCard: true }));
  expect(deed).toMatchObject({ do: 'say', notice: { kind: 'card-taken' }, tone: 'bad' });
});

test('several members are chosen from', () => {
  const members = [makeHit(), makeHit()];
  expect(routeScan({ kind: 'choice', text: '+65', members }, scene())).toEqual({
    do: 'choose',
    text: '+65',
    members,
  });
});

const nobodys = (what: NobodysKind) => ({ kind: 'not-a-card', what, text: 'K0001' }) as const;

test.each(['product', 'logistic', 'unknown'] as const)('%s is a quiet line, without a tone', (what) => {
  const deed = routeScan(nobodys(what), scene());
  expect([deed, toneOf(deed)]).toEqual([{ do: 'say', notice: nobodys(what), tone: 'none' }, 'none']);
});

test.each(['phone', 'wallet', 'member-card'] as const)(
  '%s of nobody is what a customer holds for hers: the tone is bad',
  (what) => {
    expect(toneOf(routeScan(nobodys(what), scene()))).toBe('bad');
  },
);

test('a phone that nobody has goes into the enrolment that is open', () => {
  expect(routeScan(nobodys('phone'), scene({ place: 'enrol' }))).toEqual({
    do: 'fill-phone',
    phone: 'K0001',
  });
});

test('a coupon opens its sheet, also over a form', () => {
  const coupon = { kind: 'coupon', text: '9821234015506', facts: { value: '1.55' } } as const;
  for (const place of ['home', 'enrol'] as const)
    expect(routeScan(coupon, scene({ place }))).toEqual({ do: 'show-coupon', coupon });
});

test('what somebody has typed into stays in front, and the doctor too: the member is offered', () => {
  for (const at of [
    { place: 'member', holdsTyping: true },
    { place: 'inbox', holdsTyping: true },
    { place: 'scanners' },
  ] as const)
    expect(routeScan(scanned, scene(at))).toMatchObject({
      do: 'say',
      notice: { kind: 'held' },
      tone: 'good',
    });
});

test('a phone that was scanned is no card: a form that wants one does not refuse its owner as taken', () => {
  const byPhone = { ...scanned, cardNumber: '' };
  expect(routeScan(byPhone, scene({ place: 'member', panelTakesCard: true }))).toMatchObject({ do: 'show' });
});

test('nobody signed in: the scan waits and nobody is shown; what is no card of ours is said at once', () => {
  const nobody = scene({ isSignedIn: false });
  expect(routeScan(scanned, nobody)).toEqual({ do: 'wait' });
  expect(routeScan(unknown, nobody)).toEqual({ do: 'wait' });
  expect(routeScan({ kind: 'payment-card' }, nobody)).toMatchObject({ do: 'say', tone: 'bad' });
  expect(routeScan({ kind: 'id-document' }, nobody)).toMatchObject({ notice: { kind: 'id-document' } });
});
