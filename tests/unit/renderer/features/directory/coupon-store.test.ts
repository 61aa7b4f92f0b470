import { beforeEach, expect, test } from 'vitest';
import type { CardTypeId, MemberId } from '../../../../../sync/base/ids.ts';
import { newId } from '../../../../../sync/base/ids.ts';
import {
  createCouponStore,
  type CouponStore,
} from '../../../../../renderer/features/directory/coupon-store.ts';
import { createScriptedCore } from '../../scripted-core.ts';

let core: ReturnType<typeof createScriptedCore>;
let store: CouponStore;
const ann = { memberId: newId<MemberId>(), name: 'Ann', mobile: '+65 9111 0001' };
const ben = { memberId: newId<MemberId>(), name: 'Ben', mobile: '' };
const DRINK = 'welcome' as CardTypeId;

beforeEach(() => {
  core = createScriptedCore();
  store = createCouponStore(core.calls);
});

test('a coupon is given once: a second press while it is saved is none', async () => {
  store.getState().openFor(ann);
  void store.getState().give(DRINK);
  void store.getState().give(DRINK);
  expect(core.asked).toHaveLength(1);
  expect(core.last().input).toMatchObject({ memberId: ann.memberId, cardTypeId: DRINK, cardNumber: null });
  await core.last().answer({});
  expect(store.getState()).toMatchObject({ member: ann, giving: { status: 'done', name: 'Ann' } });
});

test('it goes to whom the panel was opened for, and to nobody while it is closed', () => {
  void store.getState().give(DRINK);
  store.getState().openFor(ben);
  store.getState().close();
  void store.getState().give(DRINK);
  expect(core.asked).toHaveLength(0);
  store.getState().openFor(ann);
  void store.getState().give(DRINK);
  expect(core.asked.map(({ input }) => input['memberId'])).toEqual([ann.memberId]);
});

test('after a failure the same press is the same op again, and that for somebody else another one', async () => {
  store.getState().openFor(ann);
  void store.getState().give(DRINK);
  const first = core.last().input['opId'];
  await core.last().refuse('core_restarted');
  void store.getState().give(DRINK);
  expect(core.last().input['opId']).toBe(first);
  await core.last().refuse('core_restarted');
  store.getState().openFor(ben);
  void store.getState().give(DRINK);
  expect(core.last().input['opId']).not.toBe(first);
});

test('an answer after the panel was opened for another row says nothing about it', async () => {
  store.getState().openFor(ann);
  void store.getState().give(DRINK);
  store.getState().openFor(ben);
  await core.last().answer({});
  expect(store.getState()).toMatchObject({ member: ben, giving: { status: 'idle' } });
});
