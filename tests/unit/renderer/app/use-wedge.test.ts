import { expect, test } from 'vitest';
import { toError, toScan, type ScanEvent, type ScanKind } from '../../../../drivers/decode/scan-event.ts';
import { createStores } from '../../../../renderer/app/stores.ts';
import { takeWedgeEvent } from '../../../../renderer/app/use-wedge.ts';
import type { Core } from '../../../../renderer/lib/core-client.ts';
import { createScriptedCore } from '../scripted-core.ts';

type TillOf = 'loading' | 'set-up' | 'sign-in' | 'shop';

/** A till at that point, and where a burst of keys went. */
async function setUp(at: TillOf) {
  const scripted = createScriptedCore();
  const tones: string[] = [];
  const typed: string[] = [];
  const sounds = { good: () => tones.push('good'), bad: () => tones.push('bad'), setOn: () => undefined };
  const core: Core = {
    calls: scripted.calls,
    life: () => ({ status: 'ready' }),
    onLife: () => () => undefined,
    on: () => () => undefined,
  };
  const stores = createStores(core, sounds);
  if (at !== 'loading') {
    void stores.till.getState().refresh();
    const enrolment = at === 'set-up' ? null : {};
    const session = at === 'shop' ? {} : null;
    await scripted.last('till.get').answer({ enrolment, session, cardTypes: [], chain: null });
    await scripted.last('sync.getStatus').answer({});
    await scripted.last('scanner.get').answer({});
  }
  const take = (event: ScanEvent): void =>
    takeWedgeEvent(event, { core, stores, sounds, type: (text) => typed.push(text) });
  const scan = (kind: ScanKind, text: string): void =>
    take({ type: 'scan', scan: toScan({ kind, text, symbology: 'unknown', isDeclared: false, aim: null }) });
  return { scripted, stores, tones, typed, take, scan };
}

test('in the shop the core resolves it, a coupon with what it says', async () => {
  const { scripted, scan, take } = await setUp('shop');
  scan('member-card', '6035553882471315');
  expect(scripted.last('scans.resolve').input).toEqual({ text: '6035553882471315', kind: 'member-card' });
  const facts = { value: '2.50', couponPrefix: '982' };
  const coupon = toScan({
    kind: 'coupon',
    text: '982',
    symbology: 'ean13',
    isDeclared: true,
    aim: null,
    facts,
  });
  take({ type: 'scan', scan: coupon });
  expect(scripted.last('scans.resolve').input).toMatchObject({ kind: 'coupon', facts: { value: '2.50' } });
  expect(scripted.last('scans.resolve').input['facts']).not.toHaveProperty('couponPrefix');
});

test('at the sign-in it waits and is not looked up', async () => {
  const { scripted, stores, scan, tones } = await setUp('sign-in');
  scan('member-card', '6035553882471315');
  expect(scripted.asked.map(({ method }) => method)).not.toContain('scans.resolve');
  expect(stores.waitingScan.getState().waiting).toMatchObject({ scan: { text: '6035553882471315' } });
  expect(tones).toEqual(['good']);
});

test('at the sign-in the newest scan is what there is to say: a refusal, then a card that waits', async () => {
  const { stores, scan } = await setUp('sign-in');
  scan('blocked-payment-card', '');
  scan('member-card', '6035553882471315');
  expect([stores.place.getState().notice, stores.waitingScan.getState().waiting?.kind]).toEqual([
    null,
    'text',
  ]);
});

test('before a till is one of the shop a code is typed into its form: the one-time code is one', async () => {
  const { scan, typed } = await setUp('set-up');
  scan('unknown', 'K7QP-33XA');
  expect(typed).toEqual(['K7QP-33XA']);
});

test.each(['set-up', 'sign-in', 'shop'] as const)(
  'a payment card, a document and a bad read are said with a tone and typed nowhere (%s)',
  async (at) => {
    const { scripted, stores, scan, take, tones, typed } = await setUp(at);
    scan('blocked-payment-card', '');
    expect(stores.place.getState().notice).toEqual({ kind: 'payment-card' });
    scan('id-document', '');
    expect(stores.place.getState().notice).toEqual({ kind: 'id-document' });
    take(toError('luhn', 16));
    expect(stores.place.getState().notice).toEqual({ kind: 'bad-read' });
    expect([tones, typed]).toEqual([['bad', 'bad', 'bad'], []]);
    expect(scripted.asked.map(({ method }) => method)).not.toContain('scans.resolve');
  },
);

test('a second look at the same code is nothing', async () => {
  const { take, tones } = await setUp('shop');
  take({ type: 'suppressed', why: 'double-read' });
  expect(tones).toEqual([]);
});
