import { expect, test } from 'vitest';
import { routeScan, type ScanScene } from '../../../../renderer/app/scan-route.ts';
import { makeHit, makeMember } from '../made.ts';

const scene = (changes: Partial<ScanScene> = {}): ScanScene => ({
  isSignedIn: true,
  place: 'home',
  panelTakesCard: false,
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
  expect(routeScan(unknown, scene())).toEqual({ do: 'say', notice: unknown, isGood: true });
});

test('a card that has an owner is refused by a form that wants a new one', () => {
  const deed = routeScan(scanned, scene({ place: 'member', panelTakesCard: true }));
  expect(deed).toMatchObject({ do: 'say', notice: { kind: 'card-taken' }, isGood: false });
});

test('several members are chosen from', () => {
  const members = [makeHit(), makeHit()];
  expect(routeScan({ kind: 'choice', text: '+65', members }, scene())).toEqual({
    do: 'choose',
    text: '+65',
    members,
  });
});

test('a code that is no card is looked for in the box, but never out of a form', () => {
  const code = { kind: 'not-a-card', text: 'K0001' } as const;
  expect(routeScan(code, scene())).toEqual({ do: 'search', text: 'K0001' });
  expect(routeScan(code, scene({ place: 'enrol' }))).toMatchObject({ do: 'say', isGood: false });
});

test('nobody signed in: the scan waits and nobody is shown; what is no card of ours is said at once', () => {
  const nobody = scene({ isSignedIn: false });
  expect(routeScan(scanned, nobody)).toEqual({ do: 'wait' });
  expect(routeScan(unknown, nobody)).toEqual({ do: 'wait' });
  expect(routeScan({ kind: 'payment-card' }, nobody)).toMatchObject({ do: 'say', isGood: false });
});
