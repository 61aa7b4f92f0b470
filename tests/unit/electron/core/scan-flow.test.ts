import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ctx } from '../../../../electron/core/ctx.ts';
import { NOBODYS_SIGNS_MAX } from '../../../../electron/contract/events.ts';
import { createScanFlow, SCAN_WAIT_MS } from '../../../../electron/core/scan-flow.ts';
import { must } from '../../../../sync/base/must.ts';
import type { CardTypeId } from '../../../../sync/base/ids.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

let till: TestTill;
beforeEach(async () => {
  till = await startTestTill();
});
afterEach(() => endTestTill(till));

/** What the page hears of a scan. */
async function scan(text: string): Promise<Record<string, unknown>> {
  await till.client['scans.resolve']({ text });
  const event = must(till.events.filter((each) => each.name === 'scan.resolved').at(-1), 'a scan is told');
  return (event.data as { result: Record<string, unknown> }).result;
}

const enrol = (draft: Record<string, unknown>) =>
  till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: 'Tan', ...draft },
    cardTypeId: 'coffee' as CardTypeId,
    cardNumber: null,
    hasMarketingConsent: false,
  });

test('a member’s card brings the member, an unknown card its number', async () => {
  const { member } = await enrol({ mobile: '9111 0001' });
  expect(await scan(must(member.cards[0], 'has a card').cardNumber)).toMatchObject({
    kind: 'member',
    member: { memberId: member.memberId },
  });
  expect(await scan('6035550000001230')).toEqual({
    kind: 'unknown-card',
    cardNumber: '6035550000001230',
    isOwnStock: false,
  });
});

test('a payment card is told without a digit of it', async () => {
  expect(await scan('4111111111111111')).toEqual({ kind: 'payment-card' });
  expect(JSON.stringify(till.events)).not.toContain('411111');
});

test('a phone on a code finds its member, or the choice of several; anything else is no card', async () => {
  const { member } = await enrol({ mobile: '9111 0001', phone: '6222 3333' });
  await enrol({ mobile: '9111 0002', phone: '6222 3333' });
  expect(await scan('tel:+6591110001')).toMatchObject({
    kind: 'member',
    member: { memberId: member.memberId },
  });
  expect(((await scan('+6562223333'))['members'] as unknown[]).length).toBe(2);
  expect(await scan('4006381333931')).toEqual({ kind: 'not-a-card', what: 'product', text: '4006381333931' });
});

test('a product is nobody, though its digits were a card’s; a damaged card is a bad read', async () => {
  expect(await scan('96385074')).toEqual({ kind: 'not-a-card', what: 'product', text: '96385074' });
  expect(await scan('6035550000001231')).toEqual({ kind: 'bad-read' });
  expect(await scan('4006381333932')).toEqual({ kind: 'bad-read' });
});

test('a card of another chain’s numbers is an unknown card', async () => {
  expect(await scan('9999990000001236')).toMatchObject({
    kind: 'unknown-card',
    cardNumber: '9999990000001236',
  });
});

test('a licence is refused and never waits for a sign-in', () => {
  const { flow, now, told } = makeFlow();
  flow.take('serial', { kind: 'id-document', text: '' });
  now.session = {};
  flow.release();
  expect(told).toEqual(['id-document']);
});

test('a part of a number is nobody’s when it was scanned', async () => {
  await enrol({ mobile: '9111 0001' });
  expect(await scan('0001')).toEqual({ kind: 'not-a-card', what: 'unknown', text: '0001' });
});

test('nobody signed in: a scan looks nothing up', async () => {
  await enrol({ mobile: '9111 0001' });
  await till.client['session.signOut']({});
  await expect(till.client['scans.resolve']({ text: '91110001' })).rejects.toMatchObject({
    code: 'signin_required',
  });
  expect(till.events.filter((event) => event.name === 'scan.resolved')).toEqual([]);
});

/** A flow over a till on which nobody has signed in yet and every card is unknown. */
function makeFlow() {
  const told: unknown[] = [];
  const now = { session: null as unknown, ms: 0 };
  const ctx = () => ({
    session: now.session,
    clock: { nowMs: () => now.ms },
    overlay: { findByCardNumber: () => undefined },
    till: { stock: { isMine: () => false } },
    publish: (_name: string, { result }: { result: { kind: string } }) => told.push(result.kind),
  });
  // Cast: the parts that a scan of a card needs.
  return {
    flow: createScanFlow(ctx as unknown as () => Ctx, () => ({ ownPrefixes: ['603555'] })),
    now,
    told,
  };
}
const CARD = { kind: 'member-card', text: '6035550000001230' } as const;

test('nobody signed in: a card waits without being looked up, and is told once somebody is there', () => {
  const { flow, now, told } = makeFlow();
  flow.take('serial', CARD);
  expect(told).toEqual(['waiting']);
  now.session = {};
  now.ms = SCAN_WAIT_MS - 1;
  flow.release();
  flow.release();
  expect(told).toEqual(['waiting', 'unknown-card']);
});

test('a card that waited too long, or that a newer scan followed, is not told', () => {
  const { flow, now, told } = makeFlow();
  flow.take('serial', CARD);
  now.session = {};
  now.ms = SCAN_WAIT_MS;
  flow.release();
  now.session = null;
  flow.take('serial', CARD);
  flow.take('serial', { kind: 'blocked-payment-card', text: '' });
  now.session = {};
  flow.release();
  expect(told).toEqual(['waiting', 'waiting', 'payment-card']);
});

test('what the page’s decoder knew of a code is not found out anew, except that a payment card is one', async () => {
  const { member } = await enrol({ mobile: '9123 4567' });
  const scanAs = async (text: string, kind: 'phone' | 'unknown') => {
    await till.client['scans.resolve']({ text, kind });
    return must(till.events.filter((each) => each.name === 'scan.resolved').at(-1), 'a scan is told').data;
  };
  expect(await scanAs('91234567', 'phone')).toMatchObject({
    result: { kind: 'member', member: { memberId: member.memberId } },
  });
  expect(await scanAs('4111111111111111', 'unknown')).toMatchObject({ result: { kind: 'payment-card' } });
});

test('a coupon tells what it says of itself, unless its number is somebody’s look-up ID', async () => {
  const text = '9821234152508';
  expect(await scan(text)).toEqual({
    kind: 'coupon',
    text,
    facts: { issuer: '1234', reference: '15', value: '2.50', currency: 'EUR' },
  });
  const { member } = await enrol({ mobile: '9111 0007', lookupId: text });
  expect(await scan(text)).toMatchObject({ kind: 'member', member: { memberId: member.memberId } });
});

test('of a code that is nobody’s no more is told than a screen shows', async () => {
  const result = await scan(`https://example.com/${'x'.repeat(2000)}`);
  expect([result['what'], String(result['text']).length]).toEqual(['unknown', NOBODYS_SIGNS_MAX]);
});
