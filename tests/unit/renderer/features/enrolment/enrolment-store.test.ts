import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TillView } from '../../../../../electron/contract/till.ts';
import {
  createEnrolmentStore,
  type EnrolmentStore,
} from '../../../../../renderer/features/enrolment/enrolment-store.ts';
import { DUPLICATES_DELAY_MS } from '../../../../../renderer/features/enrolment/duplicate-search.ts';
import { fieldsFor, heldBack } from '../../../../../renderer/features/enrolment/own-fields.ts';
import { createScriptedCore } from '../../scripted-core.ts';

type CardTypeId = TillView['cardTypes'][number]['cardTypeId'];
const COFFEE = 'coffee' as CardTypeId;
let core: ReturnType<typeof createScriptedCore>;
let store: EnrolmentStore;
let told: unknown[];
let isInFront: boolean;
let isSupervisor: boolean;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  core = createScriptedCore();
  told = [];
  isInFront = true;
  isSupervisor = false;
  store = createEnrolmentStore({
    core: core.calls,
    today: () => '2026-11-22',
    isSupervisor: () => isSupervisor,
    onJoined: (reply) => told.push(reply),
    onRefused: () => told.push('refused'),
    isInFront: () => isInFront,
    onLate: (name, { code }) => told.push([name, code]),
  });
  store.getState().start({ cardTypeId: COFFEE, hasMarketingConsent: true });
});
afterEach(() => vi.useRealTimers());

const fill = (): void => {
  store.getState().type('lastName', 'Tan');
  store.getState().type('mobile', '91110001');
};
const duplicate = (isRefusal: boolean) => [
  { memberId: 'm', name: 'Tan', maskedMobile: '', field: isRefusal ? 'mobile' : 'name', isRefusal },
];

test('member and card are one call with the id that was made when the form opened', async () => {
  const opId = store.getState().form?.opId;
  fill();
  store.getState().set({ cardNumber: '6035 5538 8247 1315' });
  void store.getState().join();
  expect(core.last('members.add').input).toMatchObject({
    opId,
    cardTypeId: COFFEE,
    cardNumber: '6035553882471315',
    hasMarketingConsent: true,
    draft: { lastName: 'Tan', mobile: '91110001' },
  });
  await core.last('members.add').answer('reply');
  expect([store.getState().form, told]).toEqual([null, ['reply']]);
});

test('whom it is about is chosen, a member unless somebody says a customer (F33)', () => {
  const kindSent = (): unknown => {
    void store.getState().join();
    return core.last('members.add').input['draft'];
  };
  fill();
  expect(kindSent()).toMatchObject({ customerType: 'member' });
  store.getState().close();
  store.getState().start({ cardTypeId: COFFEE, hasMarketingConsent: false });
  fill();
  store.getState().set({ customerType: 'customer' });
  expect(kindSent()).toMatchObject({ customerType: 'customer' });
});

test('a second press while joining does nothing; a refusal keeps the id and what was typed', async () => {
  fill();
  void store.getState().join();
  void store.getState().join();
  await core.last('members.add').refuse('mobile_taken');
  expect(store.getState().form).toMatchObject({
    texts: { lastName: 'Tan' },
    join: { status: 'failed', failure: { code: 'mobile_taken' } },
  });
  void store.getState().join();
  const ids = core.asked.filter(({ method }) => method === 'members.add').map(({ input }) => input['opId']);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test('with something missing nothing is sent, and what is missing is said', async () => {
  store.getState().type('lastName', 'Tan');
  await store.getState().join();
  expect(store.getState().form?.join.status).toBe('checking');
  expect(told).toEqual(['refused']);
  expect(core.asked.map(({ method }) => method)).toEqual(['attributes.list']);
});

test('duplicates are asked for a moment after the last key, once', async () => {
  fill();
  vi.advanceTimersByTime(DUPLICATES_DELAY_MS);
  expect(core.asked.map(({ method }) => method)).toEqual(['attributes.list', 'members.findDuplicates']);
  await core.last().answer(duplicate(false));
  expect(store.getState().form?.duplicates).toHaveLength(1);
});

test('an answer about duplicates that typing has overtaken is dropped', async () => {
  fill();
  vi.advanceTimersByTime(DUPLICATES_DELAY_MS);
  store.getState().type('mobile', '91110009');
  await core.last().answer(duplicate(true));
  expect(store.getState().form?.duplicates).toEqual([]);
});

test('a duplicate that refuses stops Join, one that warns does not', async () => {
  fill();
  vi.advanceTimersByTime(DUPLICATES_DELAY_MS);
  await core.last().answer(duplicate(true));
  await store.getState().join();
  expect(core.asked.some(({ method }) => method === 'members.add')).toBe(false);
  store.getState().type('mobile', '91110009');
  vi.advanceTimersByTime(DUPLICATES_DELAY_MS);
  await core.last().answer(duplicate(false));
  void store.getState().join();
  expect(core.last().method).toBe('members.add');
});

test('a corrected number can be joined at once, before its duplicates are asked for', async () => {
  fill();
  vi.advanceTimersByTime(DUPLICATES_DELAY_MS);
  await core.last().answer(duplicate(true));
  store.getState().type('mobile', '9111 0001');
  expect(store.getState().form?.duplicates).toHaveLength(1);
  store.getState().type('mobile', '91110009');
  expect(store.getState().form?.duplicates).toEqual([]);
  void store.getState().join();
  expect(core.last()).toMatchObject({ method: 'members.add', input: { draft: { mobile: '91110009' } } });
});

test('a half-deleted number is no longer the old owner’s; what is said of other fields stays', async () => {
  fill();
  vi.advanceTimersByTime(DUPLICATES_DELAY_MS);
  await core.last().answer([...duplicate(true), ...duplicate(false)]);
  store.getState().type('mobile', '9111');
  expect(store.getState().form?.duplicates.map(({ field }) => field)).toEqual(['name']);
  await store.getState().join();
  expect(store.getState().form?.join.status).toBe('checking');
  store.getState().type('lastName', 'Tang');
  expect(store.getState().form?.duplicates).toEqual([]);
});

test('starting again goes on with the open form: a scanned card comes in, nothing typed gets lost', () => {
  fill();
  store.getState().start({ cardTypeId: null, hasMarketingConsent: false, cardNumber: '6035553882471315' });
  expect(store.getState().form).toMatchObject({
    texts: { lastName: 'Tan', mobile: '91110001' },
    cardTypeId: COFFEE,
    cardNumber: '6035553882471315',
    hasMarketingConsent: true,
  });
});

test('throwing the form away makes the next one a new intent', () => {
  const opId = store.getState().form?.opId;
  store.getState().close();
  store.getState().start({ cardTypeId: null, hasMarketingConsent: false });
  expect(store.getState().form?.opId).not.toBe(opId);
});

test('a form into which nothing was typed takes over what was looked for, one with something in it does not', () => {
  const start = { cardTypeId: null, hasMarketingConsent: false };
  store.getState().start({ ...start, texts: { mobile: '8123 4499' } });
  expect(store.getState().form?.texts.mobile).toBe('8123 4499');
  vi.advanceTimersByTime(DUPLICATES_DELAY_MS);
  expect(core.last('members.findDuplicates').input).toMatchObject({ draft: { mobile: '8123 4499' } });
  store.getState().start({ ...start, texts: { lastName: 'Somebody else' } });
  expect(store.getState().form?.texts).toMatchObject({ mobile: '8123 4499', lastName: '' });
});

test('a refusal while the cashier is elsewhere is told by name; before her eyes the form says it', async () => {
  fill();
  void store.getState().join();
  await core.last('members.add').refuse('mobile_taken');
  expect(told).toEqual(['refused']);
  void store.getState().join();
  isInFront = false;
  await core.last('members.add').refuse('disk_full');
  expect(told).toEqual(['refused', 'refused', ['Tan', 'disk_full']]);
  expect(store.getState().form?.join.status).toBe('failed');
});

test('a refusal of a form that was thrown away meanwhile is told by name', async () => {
  fill();
  void store.getState().join();
  store.getState().close();
  await core.last('members.add').refuse('mobile_taken');
  expect(told).toEqual(['refused', ['Tan', 'mobile_taken']]);
});

const ATTRIBUTE = {
  version: 1,
  name: 'Size',
  nameZh: '',
  type: 'number',
  choices: [],
  isSensitive: false,
  order: 1,
};
const asked = (attributeId: string, isAtEnrolment: boolean, isRetired = false) => ({
  ...{ ...ATTRIBUTE, attributeId, isAtEnrolment, isRetired },
});

test('fields of the chain’s own are asked for where they are set so, and only what was filled in is sent', async () => {
  await core
    .last('attributes.list')
    .answer([asked('size', true), asked('hat', true), asked('old', true, true), asked('other', false)]);
  expect(store.getState().form?.attributes.map(({ attributeId }) => attributeId)).toEqual(['size', 'hat']);
  fill();
  store.getState().typeCustom('size', ' 42 ');
  store.getState().typeCustom('hat', ' ');
  void store.getState().join();
  expect(core.last('members.add').input['extras']).toEqual({ custom: { size: '42' } });
});

test('fields that come for a form that is over change nothing of the next one', async () => {
  const late = core.last('attributes.list');
  store.getState().close();
  store.getState().start({ cardTypeId: COFFEE, hasMarketingConsent: true });
  await late.answer([asked('size', true)]);
  expect(store.getState().form?.attributes).toEqual([]);
});

test('a value that does not fit a field of the chain’s own is said before anything is sent', async () => {
  await core.last('attributes.list').answer([asked('size', true)]);
  fill();
  store.getState().typeCustom('size', '9,5');
  await store.getState().join();
  expect([store.getState().form?.join.status, told]).toEqual(['checking', ['refused']]);
  expect(core.asked.some(({ method }) => method === 'members.add')).toBe(false);
  store.getState().typeCustom('size', '9.5');
  void store.getState().join();
  expect(core.last('members.add').input['extras']).toEqual({ custom: { size: '9.5' } });
});

test('a sensitive field is a supervisor’s: a cashier neither sees it nor is held up by it', async () => {
  await core
    .last('attributes.list')
    .answer([{ ...asked('id', true), isSensitive: true }, asked('size', true)]);
  const attributes = store.getState().form?.attributes ?? [];
  const shownTo = (isAbove: boolean) =>
    fieldsFor({ attributes }, isAbove).map(({ attributeId }) => attributeId);
  expect([shownTo(false), shownTo(true)]).toEqual([['size'], ['id', 'size']]);
  fill();
  store.getState().typeCustom('id', '9,5');
  store.getState().typeCustom('size', '42');
  void store.getState().join();
  expect(core.last('members.add').input['extras']).toEqual({ custom: { size: '42' } });
  await core.last('members.add').refuse('mobile_taken');
  store.getState().typeCustom('id', '7');
  isSupervisor = true;
  void store.getState().join();
  expect(core.last('members.add').input['extras']).toEqual({ custom: { id: '7', size: '42' } });
});

test('a sensitive value that a cashier can not save stays in the form and is named to her', async () => {
  await core
    .last('attributes.list')
    .answer([{ ...asked('id', true), isSensitive: true }, asked('size', true)]);
  const namedTo = (isAbove: boolean): string[] => {
    const { form } = store.getState();
    return form === null ? [] : heldBack(form, isAbove).map(({ attributeId }) => attributeId);
  };
  store.getState().typeCustom('id', ' ');
  store.getState().typeCustom('size', '42');
  expect(namedTo(false)).toEqual([]);
  store.getState().typeCustom('id', '7');
  expect([namedTo(false), namedTo(true)]).toEqual([['id'], []]);
  // Somebody else goes on with it.
  store.getState().start({ cardTypeId: null, hasMarketingConsent: false });
  expect([namedTo(false), store.getState().form?.custom['id']]).toEqual([['id'], '7']);
});
