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
const ann = { memberId: newId<MemberId>(), name: 'Ann' };
const ben = { memberId: newId<MemberId>(), name: 'Ben' };
const DRINK = 'welcome' as CardTypeId;

beforeEach(() => {
  core = createScriptedCore();
  store = createCouponStore(core.calls);
});

test('a coupon is given once: a second press while it is saved is none', async () => {
  void store.getState().give(ann, DRINK);
  void store.getState().give(ben, DRINK);
  expect(core.asked).toHaveLength(1);
  expect(core.last().input).toMatchObject({ memberId: ann.memberId, cardTypeId: DRINK, cardNumber: null });
  await core.last().answer({});
  expect(store.getState().giving).toMatchObject({ status: 'done', name: 'Ann' });
});

test('after a failure the same press is the same op again, and that for somebody else another one', async () => {
  void store.getState().give(ann, DRINK);
  const first = core.last().input['opId'];
  await core.last().refuse('core_restarted');
  void store.getState().give(ann, DRINK);
  expect(core.last().input['opId']).toBe(first);
  await core.last().refuse('core_restarted');
  void store.getState().give(ben, DRINK);
  expect(core.last().input['opId']).not.toBe(first);
});

test('an answer after the panel was opened for another row says nothing about it', async () => {
  void store.getState().give(ann, DRINK);
  store.getState().reset();
  await core.last().answer({});
  expect(store.getState().giving.status).toBe('idle');
});
